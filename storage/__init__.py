"""What is remembered: tables, migrations, repositories, the unit of work."""
