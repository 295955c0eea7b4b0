"""Published claims put to the test: what was reported, what is reproduced, and the verdict.

A study brings one table of claims (:class:`ClaimStudy`), listed in :mod:`core.home.all_claims`. Each claim
names its finding and a kind of check; the rules in :mod:`core.claims.verdicts` turn the evidence of the
check into a verdict.
"""

from core.claims.checks import Advice, Case, Check, Share, Total
from core.claims.findings import Finding, repeats
from core.claims.models import Coefficient, Constant, Direction
from core.claims.study import Claim, ClaimError, ClaimStudy, Judged, judge
from core.claims.verdicts import RULES, Evidence, Rule, Seen, Statement, Verdict, rule_for

__all__ = [
    "RULES",
    "Advice",
    "Case",
    "Check",
    "Claim",
    "ClaimError",
    "ClaimStudy",
    "Coefficient",
    "Constant",
    "Direction",
    "Evidence",
    "Finding",
    "Judged",
    "Rule",
    "Seen",
    "Share",
    "Statement",
    "Total",
    "Verdict",
    "judge",
    "repeats",
    "rule_for",
]
