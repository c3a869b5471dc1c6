"""/docs: the API described on one self-contained page, drawn from its OpenAPI document.

The usual documentation pages fetch scripts and styles from a content network; this
service runs where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import jinja2
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

router: Final = APIRouter(include_in_schema=False)

_CONTENT_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
_PAGE: Final = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True).from_string(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ info.title }} {{ info.version }}</title>
<meta name="viewport" content="width=device-width"><style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }
section { border-top: 1px solid #ddd; padding: .5rem 0 1rem } h2 { font-size: 1.1rem; margin: .5rem 0 }
code, pre { font: .9rem ui-monospace, monospace; background: #f5f5f5; padding: .1rem .3rem; border-radius: 3px }
b { color: #0b57d0 } table { border-collapse: collapse } td { padding: .15rem .8rem .15rem 0; vertical-align: top }
</style></head><body>
<h1>{{ info.title }} {{ info.version }}</h1><p>{{ info.summary }}</p>
<p>The machine-readable form is <a href="openapi.json">openapi.json</a>. Errors are RFC 9457 problems with a
stable <code>code</code>; every answer carries <code>X-Request-Id</code>.</p>
{% for operation in operations %}
<section><h2><b>{{ operation.method }}</b> <code>{{ operation.path }}</code></h2>
<p>{{ operation.description }}</p>
{% if operation.inputs %}<table>
{% for name, place, text in operation.inputs %}<tr><td><code>{{ name }}</code><td>{{ place }}<td>{{ text }}{% endfor %}
</table>{% endif %}
<table>{% for status, text in operation.answers %}<tr><td><code>{{ status }}</code><td>{{ text }}{% endfor %}</table>
</section>
{% endfor %}
<section><h2>Forms</h2>
{% for name, fields in schemas %}<p><code>{{ name }}</code>: {{ fields | join(", ") }}</p>{% endfor %}
</section></body></html>
"""
)


@router.get("/docs", response_class=HTMLResponse)
def page(request: Request) -> HTMLResponse:
    """The whole API on one page."""
    document = request.app.openapi()
    schemas = document["components"]["schemas"]
    content = _PAGE.render(
        info=document["info"],
        operations=[
            _operation(path, method, operation)
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ],
        schemas=[
            (name, list(schema["properties"])) for name, schema in sorted(schemas.items()) if "properties" in schema
        ],
    )
    return HTMLResponse(content, headers={"Content-Security-Policy": _CONTENT_POLICY})


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    inputs = [
        (parameter["name"], parameter["in"], parameter.get("description", ""))
        for parameter in operation.get("parameters", [])
    ]
    bodies = operation.get("requestBody", {}).get("content", {})
    for media_type, body in bodies.items():
        schema = body.get("schema", {})
        inputs.append(("body", media_type, _form(schema)))
        inputs += _fields(media_type, schema)
    return {
        "path": path,
        "method": method.upper(),
        "description": operation.get("description", ""),
        "inputs": inputs,
        "answers": [(status, answer["description"]) for status, answer in operation["responses"].items()],
    }


def _form(schema: Mapping[str, Any]) -> str:
    reference = str(schema.get("$ref", "")).rpartition("/")[2]
    if "properties" in schema:
        return "a form of these parts:"
    return reference or str(schema.get("description") or schema.get("format", ""))


def _fields(media_type: str, schema: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The parts of a form that is described in place."""
    for name, field in schema.get("properties", {}).items():
        if name in schema.get("required", ()):
            need = "required"
        else:
            need = f"default {field['default']}" if "default" in field else "may be left out"
        values = f" One of {', '.join(field['enum'])}." if "enum" in field else ""
        yield name, f"{media_type.partition('/')[0]} part, {need}", f"{field['description']}{values}"
