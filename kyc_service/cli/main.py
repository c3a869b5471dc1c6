"""``kyc``: one command, its verbs in one module each.

Exit codes: 0 approve or success, 1 the service cannot work (models missing, for
example), 2 usage or unusable input, 3 review, 4 decline, 5 retake.

The modules of the verbs import at their top only what their options need; what works
is imported when it does, so that help and usage errors come at once.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kyc_service import __version__
from kyc_service.cli import challenge, demo, doctor, models, reasons, serve, settings, verify, worker
from kyc_service.cli.later import later
from kyc_service.cli.output import complain
from kyc_service.errors import Conflict, InvalidInput, KycError, NotFound

EXIT_UNAVAILABLE = 1
EXIT_USAGE = 2

app = typer.Typer(
    help="Identity verification: document, face, phone and place in, one explained verdict out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _say_version(is_wanted: bool) -> None:  # noqa: FBT001 - how the option's callback is called
    if is_wanted:
        typer.echo(f"kyc_service {__version__}")
        raise typer.Exit


@app.callback()
def kyc(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Identity verification: document, face, phone and place in, one explained verdict out."""


app.command()(verify.verify)
app.command()(challenge.challenge)
app.command()(serve.serve)
app.command()(worker.worker)
app.command()(demo.demo)
app.command()(doctor.doctor)
app.command()(settings.settings)
app.command()(reasons.reasons)
app.add_typer(models.app, name="models")
app.add_typer(later("kyc_service.cli.client", "Clients: who may ask the service, and their keys."), name="client")
app.add_typer(
    later("kyc_service.cli.database", "The database's schema: its version, bringing it up to date."), name="database"
)
app.add_typer(later("kyc_service.cli.keys", "The master key: what it wraps, and its rotation."), name="keys")
app.add_typer(later("kyc_service.cli.policy", "Policies: check, explain, try out, put to use."), name="policy")
app.add_typer(later("kyc_service.cli.webhooks", "Webhooks: a receiver to try them out."), name="webhooks")
app.add_typer(
    later("kyc_service.cli.evaluate", "Measure the service on pictures whose truth is known."), name="evaluate"
)


def main() -> None:
    """Run the command line; errors of the service are one line on stderr, never a traceback."""
    try:
        app()
    except (InvalidInput, NotFound, Conflict) as error:
        complain(error.message)
        sys.exit(EXIT_USAGE)
    except KycError as error:
        complain(error.message)
        sys.exit(EXIT_UNAVAILABLE)


if __name__ == "__main__":
    main()
