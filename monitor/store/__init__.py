"""The doors to disk and database: captures, ledger, working state."""
