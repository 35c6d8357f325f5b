"""The servers one command starts for a machine that has none: PostgreSQL, Valkey and Caseway's own processes.

For trying out, developing and testing; a city names its own servers with DATABASE_URL and REDIS_URL, and nothing here runs.
This room knows processes, files and sockets, and nothing of engine, cases or doors.
"""
