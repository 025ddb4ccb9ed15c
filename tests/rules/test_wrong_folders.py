"""What is wrong in a contest folder is said in one line: file, row, column, found, expected."""

import pytest

from contest.rules import FolderError, read_folder
from tests.rules.making import SMALL_FOLDER, one_round, put

# (file, its content, the line that is said)
WRONG = [
    (
        "marks.csv",
        "entry,judge,mark\n08,J1,90\n08,J1,91\n",
        'marks.csv, row 3, column mark: found "91", expected no repetition of row 2',
    ),
    (
        "marks.csv",
        "entry,judge,mark\n8,J1,90\n",
        'marks.csv, row 2, column entry: found "8", expected one that entries.csv has',
    ),
    (
        "marks.csv",
        "entry,judge,mark\n08,J9,90\n",
        'marks.csv, row 2, column judge: found "J9", expected a judge of this round',
    ),
    (
        "marks.csv",
        "entry,judge,mark\n12,J2,90\n",
        'marks.csv, row 2, column judge: found "J2", expected an appearance inside this judge\'s sitting',
    ),
    (
        "marks.csv",
        "entry,judge,mark\n08,J1,100.01\n",
        'marks.csv, row 2, column mark: found "100.01", expected at most 100',
    ),
    ("marks.csv", "entry,judge,mark\n08,J1,-1\n", 'marks.csv, row 2, column mark: found "-1", expected at least 0'),
    (
        "marks.csv",
        "entry,judge,mark\n08,J1,9.999\n",
        'marks.csv, row 2, column mark: found "9.999", expected a multiple of 0.01',
    ),
    (
        "marks.csv",
        "entry,judge,mark\n08,J1,NaN\n",
        'marks.csv, row 2, column mark: found "NaN", expected a plain number such as 27.5',
    ),
    ("marks.csv", "entry,judge,mark\n08,J1,\n", "marks.csv, row 2, column mark: nothing found, expected a value"),
    (
        "marks.csv",
        "entry,judge,mark\n\n\n08,J1,x\n",
        'marks.csv, row 4, column mark: found "x", expected a plain number such as 27.5',
    ),
    (
        "marks.csv",
        'entry,judge,mark\n"08",J1,"9\n0"\n',
        'marks.csv, row 2, column mark: found "9\\n0", expected a code without spaces around it or line breaks',
    ),
    (
        "marks.csv",
        "entry,judge,criterion,mark\n08,J1,dance,90\n",
        'marks.csv, row 2, column criterion: found "dance", expected one of the rule file: lecture',
    ),
    (
        "marks.csv",
        "round,entry,judge,mark\nsemi,08,J1,90\n",
        'marks.csv, row 2, column round: found "semi", expected one of the rule file: final',
    ),
    (
        "marks.csv",
        "entry,judge,attempt,mark\n08,J1,2,90\n",
        'marks.csv, row 2, column attempt: found "2", expected only attempt 1: the rules use no further attempts',
    ),
    (
        "marks.csv",
        "entry,judge,kind,mark\n08,J1,review,90\n",
        'marks.csv, row 2, column kind: found "review", expected only mark: the rules use no review marks',
    ),
    (
        "marks.csv",
        "entry,judge,mark,colour\n08,J1,90,red\n",
        'marks.csv, row 1, column colour: found "colour", '
        "expected known columns: round, entry, judge, criterion, attempt, kind, mark",
    ),
    (
        "marks.csv",
        "entry,entry,judge,mark\n",
        'marks.csv, row 1, column entry: found "entry", expected each column only once',
    ),
    (
        "marks.csv",
        "entry,mark\n08,90\n",
        "marks.csv, row 1, column judge: nothing found, expected this column to be there",
    ),
    ("marks.csv", "", "marks.csv, row 1, column entry: nothing found, expected this column to be there"),
    ("marks.csv", "entry,judge,mark\n08,J1\n", "marks.csv, row 2: found 2, expected 3 cells"),
    (
        "marks.csv",
        'entry,judge,mark\n08,J1,"90',
        'marks.csv, row 2: found "unexpected end of data", expected correct CSV',
    ),
    ("marks.csv", b"entry,judge,mark\n08,J1,\xff\n", 'marks.csv, row 2: found "byte ff", expected text in UTF-8'),
    (
        "marks.csv",
        b"entry,judge,mark\n08,\xed\xa0\x80,90\n",
        'marks.csv, row 2: found "byte ed", expected text in UTF-8',
    ),
    ("entries.csv", "entry\n08\n08\n", 'entries.csv, row 3, column entry: found "08", expected no repetition of row 2'),
    (
        "entries.csv",
        "entry\n 08\n",
        'entries.csv, row 2, column entry: found " 08", expected a code without spaces around it or line breaks',
    ),
    ("entries.csv", "entry,unit\n,x\n", "entries.csv, row 2, column entry: nothing found, expected a value"),
    (
        "members.csv",
        "entry,order,role\n08,1,boss\n",
        'members.csv, row 2, column role: found "boss", expected one of author, teacher',
    ),
    (
        "appearances.csv",
        "entry\n08\n08\n12\n",
        'appearances.csv, row 3, column entry: found "08", expected no repetition of row 2',
    ),
    (
        "appearances.csv",
        "entry,order\n08,1\n12,1\n",
        'appearances.csv, row 3, column order: found "1", expected a running number of its own (row 2 has it)',
    ),
    (
        "appearances.csv",
        "entry,order\n08,first\n",
        'appearances.csv, row 2, column order: found "first", expected a whole number from 1 to 1000000',
    ),
    (
        "appearances.csv",
        "entry,order\n12,1\n",
        'marks.csv, row 2, column entry: found "08", expected an entry that appears in this round',
    ),
    (
        "judges.csv",
        "judge,seat,from,until\nJ1,1,,\nJ2,1,5,\n",
        'judges.csv, row 3, column seat: found "1", expected a seat that is free at that time',
    ),
    (
        "judges.csv",
        "judge,from,until\nJ1,5,4\n",
        'judges.csv, row 2, column until: found "4", expected not before from (5)',
    ),
    (
        "judges.csv",
        "judge,role\nJ1,referee\n",
        'judges.csv, row 2, column role: found "referee", expected one of scoring, tiebreak',
    ),
    (
        "assignments.csv",
        "entry,judge\n08,J9\n",
        'assignments.csv, row 2, column judge: found "J9", expected a judge of this round',
    ),
    (
        "assignments.csv",
        "entry,judge\n08,J1\n",
        'marks.csv, row 3, column judge: found "J2", expected a judge assigned to this entry',
    ),
    (
        "adjustments.csv",
        "entry,kind,value\n08,prize,1\n",
        'adjustments.csv, row 2, column kind: found "prize", expected one of the rule file: quiz, late, over, bonus',
    ),
    (
        "adjustments.csv",
        "entry,kind,value\n08,quiz,1\n",
        'adjustments.csv, row 2, column value: found "1", expected at most 0',
    ),
    (
        "adjustments.csv",
        "entry,judge,kind,value\n08,J1,quiz,-1\n",
        'adjustments.csv, row 2, column judge: found "J1", '
        "expected a blank cell: the rules use no adjustments by a single judge",
    ),
    (
        "rulings.csv",
        "entry,kind\n08,promoted\n",
        'rulings.csv, row 2, column kind: found "promoted", '
        "expected one of zero, void, recused, absent, withdrawn, disqualified, lot, "
        "place, award, advance",
    ),
    ("rulings.csv", "entry,kind\n08,absent\n", "rulings.csv, row 2, column judge: nothing found, expected a value"),
    ("rulings.csv", "kind\nwithdrawn\n", "rulings.csv, row 2, column entry: nothing found, expected a value"),
    (
        "rulings.csv",
        "entry,kind,value\n08,lot,first\n",
        'rulings.csv, row 2, column value: found "first", expected a whole number from 1 to 999999',
    ),
    (
        "rulings.csv",
        "entry,kind,value\n08,lot,0\n",
        'rulings.csv, row 2, column value: found "0", expected a whole number from 1 to 999999',
    ),
    (
        "rulings.csv",
        "entry,kind,value\n08,lot,1\n08,lot,2\n",
        'rulings.csv, row 3, column value: found "2", expected no repetition of row 2',
    ),
    (
        "rulings.csv",
        "entry,kind,value\n08,zero,0\n",
        'rulings.csv, row 2, column value: found "0", expected a blank cell',
    ),
    (
        "rulings.csv",
        "entry,criterion,kind\n08,dance,zero\n",
        'rulings.csv, row 2, column criterion: found "dance", expected one of the rule file: lecture',
    ),
    (
        "rulings.csv",
        "entry,judge,kind\n08,J1,withdrawn\n",
        'rulings.csv, row 2, column judge: found "J1", expected a blank cell',
    ),
]


@pytest.mark.parametrize(("file", "content", "said"), WRONG, ids=[f"{n}-{w[0]}" for n, w in enumerate(WRONG)])
def test_a_wrong_folder_is_refused_in_one_line(tmp_path, file, content, said):
    with pytest.raises(FolderError) as caught:
        read_folder(put(tmp_path, SMALL_FOLDER | {file: content}), one_round())
    assert str(caught.value) == said
    assert len(caught.value.in_("zh").splitlines()) == 1
