"""`backup` and `restore`: a whole installation in one file, and back."""

from contextlib import closing
from pathlib import Path

import click

from monitor.cli import say
from monitor.cli.command import command

a_backup = click.argument(
    "file", type=click.Path(dir_okay=False, path_type=Path), help="The backup, a .tar.gz that nobody else may read."
)


@command("optout-monitor backup monitor.tar.gz")
@a_backup
@click.option("--without-secrets", is_flag=True, help="Leave out the keys of links in mails; old links end then.")
@click.option("--without-database", is_flag=True, help="Leave out the database, where pg_dump copies it.")
def backup(file: Path, without_secrets: bool, without_database: bool) -> None:
    """Write watchlist, database, evidence and secrets into one file, while everything runs. It holds personal data."""
    from dataclasses import replace

    from monitor.model.errors import BackupError
    from monitor.publish.evidence import made_by
    from monitor.settings import settings
    from monitor.store.backup import write_backup
    from monitor.wiring import store, whereto

    read = settings()
    places = whereto(read)
    if places.database is None and not without_database:
        raise BackupError(
            "OPTOUT_DATABASE", "is on a server: copy it with pg_dump, and the rest with --without-database"
        )
    if without_database:
        places = replace(places, database=None)
    with closing(store(read)) as opened:
        evidence = opened.evidence
        done = write_backup(
            file,
            places,
            made_by=made_by(),
            secrets=not without_secrets,
            still=evidence.turn,
            removing=evidence.nothing_removed,
        )
    say.line(f"{file}: {say.counted(done.files, 'file')}, {done.size_bytes:,} bytes; keep it as personal data")


@command("optout-monitor restore monitor.tar.gz")
@a_backup
@click.option("--despite-damage", is_flag=True, help="Put back evidence that was damaged already when it was saved.")
def restore(file: Path, despite_damage: bool) -> None:
    """Put a backup back into an empty installation, once everything in it was checked."""
    from monitor.settings import settings
    from monitor.store.restore import restore as restored
    from monitor.wiring import whereto

    places = whereto(settings())
    done = restored(file, places, despite_damage=despite_damage)
    say.line(f"{say.counted(done.files, 'file')}, {done.size_bytes:,} bytes put back from {file}, each as it was saved")
    say.line("`optout-monitor publish` makes the site again.")


COMMANDS = (backup, restore)
