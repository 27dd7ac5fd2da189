"""Benchmarks: `make bench`. Each states a ratio to a limit measured in the same run, and writes it down."""
