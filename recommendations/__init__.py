"""The app: nouns, rules, queries, actions, and the doors that lead to them. See ARCHITECTURE.md."""
