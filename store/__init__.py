"""What is remembered: every byte that must outlive the process.

Two SQLite files in the data folder: `hub.db` (people, skills, runs, notifications; each
commit is on the disk before it is answered) and `history.db` (state changes and audit, written in
batches). Functions here take and return plain values; the ORM's models never leave this
folder. Times are seconds since the epoch (UTC). Imports nothing of ours.
"""
