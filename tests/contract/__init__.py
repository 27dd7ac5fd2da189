"""The API as strangers meet it: a real server with the seed data, asked by other people's programs. `make contract`."""
