"""The service under load, under attack by SIGKILL, and on several processes: what it promises, measured."""
