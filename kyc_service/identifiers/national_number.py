"""National numbers of natural persons, and where a machine-readable zone carries one.

python-stdnum knows the numbers of some forty countries. A number of a country that is not
among them is neither right nor wrong here. Some rules place a two-digit year in a century
by today's date; no rule's answer for a person of age hangs on it.

That a zone's optional data hold such a number is each state's own practice, written in no
standard: only practices for which a source was found are listed, and of these only ones
whose sourced examples keep the country's rule (Lithuania's specimens do not).

Source: python-stdnum 2.2, whose modules cite each country's law.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from stdnum.ar import dni as ar_dni
from stdnum.be import ssn as be_ssn
from stdnum.bg import egn as bg_egn
from stdnum.bg import pnf as bg_pnf
from stdnum.br import cpf as br_cpf
from stdnum.ch import ssn as ch_ssn
from stdnum.cl import rut as cl_rut
from stdnum.cr import cpf as cr_cpf
from stdnum.cr import cr as cr_resident
from stdnum.cu import ni as cu_ni
from stdnum.cz import rc as cz_rc
from stdnum.dk import cpr as dk_cpr
from stdnum.do import cedula as do_cedula
from stdnum.ec import ci as ec_ci
from stdnum.ee import ik as ee_ik
from stdnum.es import dni as es_dni
from stdnum.es import nie as es_nie
from stdnum.exceptions import ValidationError
from stdnum.fi import hetu as fi_hetu
from stdnum.fr import nir as fr_nir
from stdnum.gr import amka as gr_amka
from stdnum.hr import oib as hr_oib
from stdnum.id import nik as id_nik
from stdnum.ie import pps as ie_pps
from stdnum.il import idnr as il_idnr
from stdnum.in_ import aadhaar as in_aadhaar
from stdnum.is_ import kennitala as is_kennitala
from stdnum.it import codicefiscale as it_codicefiscale
from stdnum.jp import in_ as jp_in
from stdnum.kr import rrn as kr_rrn
from stdnum.lt import asmens as lt_asmens
from stdnum.mu import nid as mu_nid
from stdnum.mx import curp as mx_curp
from stdnum.my import nric as my_nric
from stdnum.nl import bsn as nl_bsn
from stdnum.no import fodselsnummer as no_fodselsnummer
from stdnum.pe import cui as pe_cui
from stdnum.pk import cnic as pk_cnic
from stdnum.pl import pesel as pl_pesel
from stdnum.pt import cc as pt_cc
from stdnum.ro import cnp as ro_cnp
from stdnum.se import personnummer as se_personnummer
from stdnum.si import emso as si_emso
from stdnum.sk import rc as sk_rc
from stdnum.th import pin as th_pin
from stdnum.tr import tckimlik as tr_tckimlik
from stdnum.za import idnr as za_idnr

from kyc_service.domain.reasons import Reason
from kyc_service.identifiers.mrz import MrzFormat

Rule = Callable[[str], str]

RULES: Final[dict[str, tuple[Rule, ...]]] = {
    "ARG": (ar_dni.validate,),
    "BEL": (be_ssn.validate,),
    "BGR": (bg_egn.validate, bg_pnf.validate),
    "BRA": (br_cpf.validate,),
    "CHE": (ch_ssn.validate,),
    "CHL": (cl_rut.validate,),
    "CRI": (cr_cpf.validate, cr_resident.validate),
    "CUB": (cu_ni.validate,),
    "CZE": (cz_rc.validate,),
    "DNK": (dk_cpr.validate,),
    "DOM": (do_cedula.validate,),
    "ECU": (ec_ci.validate,),
    "ESP": (es_dni.validate, es_nie.validate),
    "EST": (ee_ik.validate,),
    "FIN": (fi_hetu.validate,),
    "FRA": (fr_nir.validate,),
    "GRC": (gr_amka.validate,),
    "HRV": (hr_oib.validate,),
    "IDN": (id_nik.validate,),
    "IND": (in_aadhaar.validate,),
    "IRL": (ie_pps.validate,),
    "ISL": (is_kennitala.validate,),
    "ISR": (il_idnr.validate,),
    "ITA": (it_codicefiscale.validate,),
    "JPN": (jp_in.validate,),
    "KOR": (kr_rrn.validate,),
    "LTU": (lt_asmens.validate,),
    "MEX": (mx_curp.validate,),
    "MUS": (mu_nid.validate,),
    "MYS": (my_nric.validate,),
    "NLD": (nl_bsn.validate,),
    "NOR": (no_fodselsnummer.validate,),
    "PAK": (pk_cnic.validate,),
    "PER": (pe_cui.validate,),
    "POL": (pl_pesel.validate,),
    "PRT": (pt_cc.validate,),
    "ROU": (ro_cnp.validate,),
    "SVK": (sk_rc.validate,),
    "SVN": (si_emso.validate,),
    "SWE": (se_personnummer.validate,),
    "THA": (th_pin.validate,),
    "TUR": (tr_tckimlik.validate,),
    "ZAF": (za_idnr.validate,),
}
"""By ISO 3166-1 alpha-3: the rules of a country's numbers, one of which must hold."""


@dataclass(frozen=True, slots=True)
class Practice:
    """A state's habit of writing the national number into optional data.

    ``document_codes`` are the first characters of the documents that follow it (residence
    permits do not), ``form`` what the number looks like there, ``source`` who says so.
    """

    document_codes: tuple[str, ...]
    form: re.Pattern[str]
    source: str


_SPAIN: Final = Practice(
    ("ID",),
    re.compile(r"(?P<number>[0-9]{8}[A-Z])"),
    "menorca.info, 2022-10-27, on the Ministry's description of the DNI's reverse; specimen IDESPBAA000589599999999R",
)
_BELGIUM: Final = Practice(
    ("ID",),
    re.compile(r"(?P<number>[0-9]{11})"),
    "specimens of the identity card, second line: 1202177F2506160BEL12021714429 (datacheckerbv/MRZParser), "
    "9901247M2201122BEL99012432571 (BlinkID)",
)
_NETHERLANDS: Final = Practice(
    ("P", "I"),
    re.compile(r"(?P<number>(?!0{9})[0-9]{9})(?: [0-9])?"),
    "scanid.nl and security.nl, 2021-08: the BSN left the zone of passports on 2021-08-30, of identity cards "
    "on 2021-08-02; specimen SPECI20142NLD6503101F2403096999999990<<<<<84",
)
_CZECHIA: Final = Practice(
    ("P",),
    re.compile(r"(?P<number>[0-9]{9,10})"),
    "specimen 99009054<4CZE6906229F16072996956220612<<<<74 (JMRTD, MRZInfoTest)",
)
_PRACTICES: Final[dict[tuple[str, MrzFormat], Practice]] = {
    ("ESP", MrzFormat.TD1): _SPAIN,
    ("BEL", MrzFormat.TD1): _BELGIUM,
    ("NLD", MrzFormat.TD1): _NETHERLANDS,
    ("NLD", MrzFormat.TD3): _NETHERLANDS,
    ("CZE", MrzFormat.TD3): _CZECHIA,
}


def problems(country: str, number: str) -> tuple[Reason, ...] | None:
    """What is wrong with ``number`` by the rule of ``country`` (alpha-3); ``None``: no rule is known for it.

    >>> problems("ESP", "99999999-R"), problems("ESP", "99999999A"), problems("HKG", "A1234563")
    ((), (<Reason.NATIONAL_NUMBER_INVALID: 'national_number_invalid'>,), None)
    """
    rules = RULES.get(country)
    if rules is None:
        return None
    return () if any(_holds(rule, number) for rule in rules) else (Reason.NATIONAL_NUMBER_INVALID,)


def expected_in_mrz(issuing_state: str, layout: MrzFormat) -> Practice | None:
    """The sourced practice of a state for documents of one format; ``None`` where none was found.

    >>> expected_in_mrz("NLD", MrzFormat.TD3).document_codes, expected_in_mrz("POL", MrzFormat.TD3)
    (('P', 'I'), None)
    """
    return _PRACTICES.get((issuing_state, layout))


def find_in_mrz(issuing_state: str, layout: MrzFormat, document_code: str, optional_data: Sequence[str]) -> str | None:
    """The national number among ``optional_data`` (fillers as spaces); ``None`` where no practice puts one there.

    Optional data of another form are not a wrong number: newer documents leave it out.

    >>> find_in_mrz("ESP", MrzFormat.TD1, "ID", ["99999999R"]), find_in_mrz("NLD", MrzFormat.TD3, "P", [])
    ('99999999R', None)
    >>> find_in_mrz("NLD", MrzFormat.TD1, "IR", ["999999990"]) is None
    True
    """
    practice = expected_in_mrz(issuing_state, layout)
    if practice is None or not _is_of(practice, document_code):
        return None
    found = (practice.form.fullmatch(part) for part in optional_data)
    return next((match["number"] for match in found if match), None)


def _is_of(practice: Practice, document_code: str) -> bool:
    """IR and AR are residence permits (ICAO 9303-3, section 4.4); their optional data are another authority's."""
    return document_code.startswith(practice.document_codes) and not document_code.endswith("R")


def _holds(rule: Rule, number: str) -> bool:
    try:
        rule(number)
    except ValidationError:
        return False
    return True
