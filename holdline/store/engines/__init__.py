"""The two engines, and what each needs: transactions, locks, migrations, backups."""
