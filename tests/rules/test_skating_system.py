"""The skating system, rules 5 to 11: the published case and every rule worked by hand."""

from decimal import Decimal
from random import Random

from contest.rules.skating_system import all_dances, one_dance


def dance(**marks: str) -> dict[str, tuple[str, str]]:
    """Each couple's place and the rule that decided, from marks written as "2 4 1 3 2"."""
    rows = {couple: [Decimal(place) for place in text.split()] for couple, text in marks.items()}
    judges = len(next(iter(rows.values())))
    return {couple: (str(own.place), own.rule) for couple, own in one_dance(rows, judges // 2 + 1).items()}


def final(dances: dict[str, str], marks: dict[str, str] | None = None) -> dict[str, str]:
    """Final places from each couple's places in the dances (and all marks)."""
    rows = {couple: [Decimal(place) for place in text.split()] for couple, text in dances.items()}
    pooled = {couple: [Decimal(place) for place in text.split()] for couple, text in (marks or dances).items()}
    majority = len(next(iter(pooled.values()))) // 2 + 1
    return {couple: str(own.place) for couple, own in sorted(all_dances(rows, pooled, majority).items())}


def test_the_published_case():
    # Column 1: nobody has 3. Column 2: A, C, D 3 each, sums 5, 4, 4: A behind (7a); C and D in column 3: 5 to 4 (7b).
    assert dance(A="2 4 1 3 2", B="4 2 3 4 4", C="3 3 2 1 1", D="1 1 4 2 3") == {
        "A": ("3", "total"),
        "B": ("4", "majority"),
        "C": ("1", "further"),
        "D": ("2", "further"),
    }


def test_rule_5_one_couple_with_a_majority_gets_the_place():
    # Column 1: A 3 of 5. Column 2: B 3. Column 3: C 4 (A and B are placed).
    assert dance(A="1 1 1 2 3", B="2 2 3 1 2", C="3 3 2 3 1") == {
        "A": ("1", "majority"),
        "B": ("2", "majority"),
        "C": ("3", "majority"),
    }


def test_rule_6_the_larger_majority_is_ahead():
    # Column 1: A 2, B 1, C 2, D 0: nobody. Column 2: A 3, B 4, C 2, D 1: B, then A. Column 3: C 4. Column 4: D.
    found = dance(A="1 1 3 3 2", B="2 2 2 1 4", C="3 3 1 4 1", D="4 4 4 2 3")
    assert found == {"B": ("1", "count"), "A": ("2", "count"), "C": ("3", "majority"), "D": ("4", "majority")}


def test_rule_7_the_smaller_sum_is_ahead():
    # Three judges, majority 2. Column 2: A and B have 2 with the sum 3. Column 3: B has 3, A 2.
    assert dance(A="1 2 4", B="2 1 3", C="3 3 1", D="4 4 2")["B"] == ("1", "further")
    # Column 1: A has a majority at once. Column 2: B.
    assert dance(A="1 1 3", B="2 2 1", C="3 3 2") == {
        "A": ("1", "majority"),
        "B": ("2", "majority"),
        "C": ("3", "majority"),
    }
    # Column 2: all have 2 with the sum 3. Column 3: all have 3 with the sum 6: nothing tells them apart.
    assert dance(A="2 3 1", B="1 2 3", C="3 1 2") == dict.fromkeys("ABC", ("2", "shared"))


def test_rule_7_of_equal_counts_the_lower_sum_then_the_next_column_for_the_rest():
    # Five judges. Column 2: A and B have 3 each, sums 4 and 5; C has 2, D 2.
    found = dance(A="1 1 2 4 4", B="2 2 1 3 3", C="3 3 3 1 2", D="4 4 4 2 1")
    assert found["A"] == ("1", "total") and found["B"] == ("2", "total")
    # Column 3: C 5 (rule 5), then D.
    assert found["C"] == ("3", "majority") and found["D"] == ("4", "majority")


def test_rule_8_places_all_of_a_column_before_the_next_one_is_looked_at():
    # Column 1: nobody (7 judges, majority 4). Column 2: A 4, B 5. B is 1st, A 2nd; in column 3 C has 6, D 4.
    found = dance(A="1 2 2 1 4 5 5", B="2 1 1 4 1 2 3", C="3 3 3 3 3 1 1", D="4 4 5 2 2 3 2", E="5 5 4 5 5 4 4")
    assert {couple: place for couple, (place, _) in found.items()} == {"B": "1", "A": "2", "C": "3", "D": "4", "E": "5"}


def test_a_shared_place_is_the_mean_of_the_places_taken_up():
    # A and B have the same marks in another order: 1.5 each; C is 3rd, not 2nd.
    found = dance(A="1 2 1 2", B="2 1 2 1", C="3 3 3 3")
    assert found == {"A": ("1.5", "shared"), "B": ("1.5", "shared"), "C": ("3", "majority")}


def test_marks_with_gaps_are_compared_all_the_same():
    # A couple that held the 2nd places has left.
    assert dance(A="1 3 1", C="3 1 3") == {"A": ("1", "majority"), "C": ("2", "majority")}


def test_rule_9_the_lowest_total_wins_and_shared_places_count_as_they_are():
    assert final({"A": "1 2 1", "B": "2 1 2.5", "C": "3 3 2.5"}) == {"A": "1", "B": "2", "C": "3"}


def test_rule_10_most_dances_at_or_above_the_place_under_review():
    # A and B total 8. Place 2 under review (C is first with 4): A has two dances at or above 2, B one.
    assert final({"C": "1 1 2", "A": "2 2 4", "B": "3 3 2", "D": "4 4 3"}) == {"C": "1", "A": "2", "B": "3", "D": "4"}


def test_rule_10_of_as_many_dances_the_lower_sum():
    # Totals 9 each, place 2 under review (C has 5): A 2 2 2 3 → 3, 6; B 1 1 2 5 → 3, 4. B is second.
    found = final({"C": "1 1 1 2", "A": "2 2 2 3", "B": "1 1 2 5", "D": "5 5 5 5"})
    assert found == {"C": "1", "B": "2", "A": "3", "D": "4"}


def test_rule_10_starts_again_with_the_next_place_for_all_who_remain():
    # A, B, C total 6 each. Place 1: A 1 1 4 → 2 dances; B 2 2 2 → 0; C 1 2 3 → 1. A is first.
    # Place 2: B 2 2 2 → 3; C 1 2 → 2. B is second although C had more firsts.
    assert final({"A": "1 1 4", "B": "2 2 2", "C": "1 2 3"}) == {"A": "1", "B": "2", "C": "3"}


def test_rule_11_all_marks_of_all_dances_from_the_place_under_review():
    # Two dances, three judges. A 1 2, B 2 1 (total 3): rule 10 at place 1: one dance each, sum 1.
    # Rule 11, majority 4 of 6, column 1: A 3, B 3: nobody. Column 2: A 5, B 5, sums 7. Column 3: 6, sums 10: shared.
    dances = {"A": "1 2", "B": "2 1", "C": "3 3"}
    others = {"B": "2 3 1 1 2 1", "C": "3 2 3 3 3 2"}
    assert final(dances, {"A": "1 1 2 2 1 3", **others}) == {"A": "1.5", "B": "1.5", "C": "3"}
    # With a 1 instead of A's 2 in the second dance: column 1: A 4 (a majority), B 3.
    assert final(dances, {"A": "1 1 2 1 1 3", **others}) == {"A": "1", "B": "2", "C": "3"}


def test_rule_11_of_equal_counts_the_lower_sum_and_the_rest_goes_back_to_rule_10():
    # A, B, C all total 6 with places 1 2 3 in another order: rule 10 at place 1: one dance, sum 1 each: rule 11.
    # 9 marks, majority 5. Column 1: A 4, B 3, C 3: nobody. Column 2: A 5 (sum 6), B 6 (9), C 5 (7): B has most: 1st.
    # Back to rule 10 at place 2 with A and C: two dances at or above 2, sum 3 each: rule 11 at column 2:
    # A 5 with sum 6, C 5 with sum 7: A is second.
    marks = {"A": "1 1 2 1 1 3 3 3 3", "B": "1 2 2 2 1 1 3 3 3", "C": "1 1 2 2 1 3 3 3 3"}
    assert final({"A": "1 2 3", "B": "2 3 1", "C": "3 1 2"}, marks) == {"A": "2", "B": "1", "C": "3"}


def test_rule_11_compares_only_those_who_are_still_equal():
    # Place 1, majority 4 of 6, column 1: nobody. Column 2: A, B and C have 4, sums 6, 6 and 7: C is out.
    # Column 3: A 5, B 6: B is first. Then rule 10 at place 2 with A and C again, rule 11 column 2: 6 to 7: A.
    marks = {"A": "1 1 2 2 3 4", "B": "1 1 2 2 3 3", "C": "1 2 2 2 3 3"}
    assert final({"A": "1 2", "B": "2 1", "C": "1 2"}, marks) == {"A": "2", "B": "1", "C": "3"}


def test_one_who_is_behind_in_rule_10_waits_for_the_next_place():
    # All total 5. Place 1: A and C one dance, sum 1; B none. Rule 11 for A and C alone: equal, they share 1 and 2.
    marks = {"A": "1 4 1 4", "B": "2 3 2 3", "C": "4 1 4 1"}
    assert final({"A": "1 4", "B": "2 3", "C": "1 4"}, marks) == {"A": "1.5", "B": "3", "C": "1.5"}


def test_many_couples_with_the_same_marks_are_quick_and_share_one_place():
    couples = {f"C{n}": [Decimal(place) for place in range(1, 200)] for n in range(199)}
    found = one_dance(couples, 100)
    assert {str(own.place) for own in found.values()} == {"100"}


def read_literally(marks: dict[str, list[int]], majority: int) -> dict[str, float]:
    """Rules 5 to 8 once more as they are written, column by column, for a comparison."""
    columns = max(max(places) for places in marks.values())
    left, found = set(marks), {}

    def settle(couples: list[str], column: int) -> list[list[str]]:
        if len(couples) == 1 or column > columns:
            return [couples]
        keys = {c: (-sum(m <= column for m in marks[c]), sum(m for m in marks[c] if m <= column)) for c in couples}
        groups = [[c for c in couples if keys[c] == key] for key in sorted(set(keys.values()))]
        return [part for group in groups for part in settle(group, column + 1)]

    for column in range(1, columns + 1):
        ready = sorted(c for c in left if sum(m <= column for m in marks[c]) >= majority)
        for group in settle(ready, column) if ready else []:
            first = len(found) + 1
            found.update(dict.fromkeys(group, first + (len(group) - 1) / 2))
        left -= set(ready)
    return found


def read_all_literally(own: dict[str, list[float]], pooled: dict[str, list[int]], majority: int) -> dict[str, float]:
    """Rules 9 to 11 once more."""
    found: dict[str, float] = {}
    for total in sorted({sum(places) for places in own.values()}):
        group = [couple for couple in own if sum(own[couple]) == total]
        while group:
            place = len(found) + 1
            ten = {c: (-sum(p <= place for p in own[c]), sum(p for p in own[c] if p <= place)) for c in group}
            tied = [c for c in group if ten[c] == min(ten.values())]
            for column in range(place, max(max(places) for places in pooled.values()) + 1):
                if len(tied) == 1:
                    break
                count = {c: sum(m <= column for m in pooled[c]) for c in tied}
                ready = [c for c in tied if count[c] >= majority]
                if ready:
                    most = [c for c in ready if count[c] == max(count[r] for r in ready)]
                    sums = {c: sum(m for m in pooled[c] if m <= column) for c in most}
                    tied = [c for c in most if sums[c] == min(sums.values())]
            found.update(dict.fromkeys(tied, place + (len(tied) - 1) / 2))
            group = [couple for couple in group if couple not in tied]
    return found


def test_many_finals_come_out_as_the_rules_read():
    chance = Random(11)
    tied = shared = 0
    for _ in range(1000):
        couples = "ABCDEFG"[: chance.randint(2, 7)]
        judges, dances = chance.choice([2, 3, 4, 5, 7, 9]), chance.randint(1, 5)
        spread = chance.choice([0.5, 1.5, 4])
        rows: list[dict[str, list[int]]] = []
        for _ in range(dances):
            marks: dict[str, list[int]] = {couple: [] for couple in couples}
            for _ in range(judges):
                order = sorted(couples, key=lambda c: couples.index(c) + chance.gauss(0, spread))
                for place, couple in enumerate(order, 1):
                    marks[couple].append(place)
            rows.append(marks)
        majority = judges // 2 + 1
        literal = [read_literally(row, majority) for row in rows]
        exact = [one_dance({c: [Decimal(m) for m in ms] for c, ms in row.items()}, majority) for row in rows]
        assert [{c: float(own.place) for c, own in dance.items()} for dance in exact] == literal
        pooled = {c: [mark for row in rows for mark in row[c]] for c in couples}
        final = all_dances(
            {c: [dance[c].place for dance in exact] for c in couples},
            {c: [Decimal(mark) for mark in pooled[c]] for c in couples},
            judges * dances // 2 + 1,
        )
        own_places = {c: [row[c] for row in literal] for c in couples}
        expected = read_all_literally(own_places, pooled, judges * dances // 2 + 1)
        assert {c: float(own.place) for c, own in final.items()} == expected
        tied += any(place.decisions for place in final.values())
        shared += len(set(expected.values())) < len(couples)
    assert tied > 50 and shared > 20
