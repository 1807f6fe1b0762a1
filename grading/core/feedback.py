"""One line for the candidate on each criterion: what was missing, and why it counts."""

from grading.core.finding import Finding
from grading.core.rubric import Criterion

# Cuts on credit: half way between the three levels that raters give.
MET_FROM, PARTLY_FROM = 0.75, 0.3
# Of 0.5, 0.6, 0.7 and 0.8 on items left out: below, right claims are named too often;
# above, wrong ones too seldom.
CONTRADICTED_FROM = 0.7


def finding_of(credit: float, contradicted: float) -> Finding:
    """Name what an answer did with a criterion, from credit and contradiction."""
    if contradicted >= CONTRADICTED_FROM and credit < MET_FROM:
        return Finding.CONTRADICTED
    if credit >= MET_FROM:
        return Finding.MET
    return Finding.PARTLY if credit >= PARTLY_FROM else Finding.MISSING


def feedback_for(criterion: Criterion, finding: Finding) -> str:
    """Give the line that teaches; nothing where the point was made."""
    teaches = criterion.feedback or f"A full answer says: {criterion.says}."
    return {
        Finding.MET: "",
        Finding.PARTLY: f"You are half way. {teaches}",
        Finding.MISSING: teaches,
        Finding.CONTRADICTED: f"This says the opposite. {teaches}",
    }[finding]
