"""``kyc``: one command, its verbs in one module each.

Exit codes: 0 approve or success, 1 the service cannot work (models missing, for
example), 2 usage or unusable input, 3 review, 4 decline, 5 retake.
"""

from __future__ import annotations

import sys

import typer

from kyc_service.cli import demo, doctor, models, serve, verify
from kyc_service.cli.output import complain
from kyc_service.errors import InvalidInput, KycError

EXIT_UNAVAILABLE = 1
EXIT_USAGE = 2

app = typer.Typer(
    help="Identity verification: document, face, phone and place in, one explained verdict out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(verify.verify)
app.command()(serve.serve)
app.command()(demo.demo)
app.command()(doctor.doctor)
app.add_typer(models.app, name="models")


def main() -> None:
    """Run the command line; errors of the service are one line on stderr, never a traceback."""
    try:
        app()
    except InvalidInput as error:
        complain(error.message)
        sys.exit(EXIT_USAGE)
    except KycError as error:
        complain(error.message)
        sys.exit(EXIT_UNAVAILABLE)
