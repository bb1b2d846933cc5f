"""A class from its making to the removal of one of its students, through flat-api 2.0.4, unchanged but for its host.

A teacher makes a class, students join by its code, an assignment is made, handed in, graded and exported as CSV and
Excel. Then an administrator removes a student, and what is left is compared with a list written by hand.
"""

import base64
import csv
import io
import os
import subprocess
import time

import flat_api
import openpyxl
from flat_api import errors

from checks import BASE, TOKEN, check, equal, http, main, same_elements

PASSWORD = "correct horse battery"
STUDENTS = ("ada", "bea", "cem")
GRADES = {"ada": 18, "bea": 12.5, "cem": 7}
GONE, STAYS = "bea", ("ada", "cem")
SCOPES = ["account.public_profile", "account.education_profile", "edu.classes", "edu.assignments", "scores"]
MUSIC = """<?xml version="1.0" encoding="UTF-8"?>
<score-partwise version="4.0"><work><work-title>{title}</work-title></work>
<part-list><score-part id="P1"><part-name>Voice</part-name></score-part></part-list>
<part id="P1"><measure number="1"><attributes><divisions>1</divisions><time><beats>4</beats><beat-type>4</beat-type>
</time></attributes><note><pitch><step>C</step><octave>4</octave></pitch><duration>4</duration><type>whole</type></note>
</measure></part></score-partwise>"""


class Person:
    """An account and what it can call with a token that the administrator made for it."""

    def __init__(self, username, role):
        new = flat_api.UserCreation(username=username, password=PASSWORD, role=role, firstname=username.title(),
                                    lastname=f"{role.title()}son")
        self.username, self.id = username, ADMIN.create_organization_user(new).id
        wanted = flat_api.OrganizationUserAccessTokenCreation(scopes=SCOPES)
        self.token = ADMIN.create_organization_user_access_token(self.id, wanted).token
        client = flat_api.FlatClient(access_token=self.token, base_url=BASE).api_client
        self.classes, self.scores = flat_api.ClassApi(client), flat_api.ScoreApi(client)
        self.groups, self.users = flat_api.GroupApi(client), flat_api.UserApi(client)

    @property
    def name(self):
        """As the reviews show it."""
        return self.users.get_user(self.id).printable_name


def refused(status, call):
    """The call answers with an error of this status."""
    try:
        answer = call()
    except errors.FlatError as error:
        equal(error.status, status, f"status of {error.body}")
    else:
        raise AssertionError(f"expected {status}, got {answer!r}")


def value(word):
    """The word of an enum of the SDK, or of a plain text."""
    return getattr(word, "value", word)


def rows_of_csv(data):
    """The rows of a CSV file, each as {title: text}."""
    return list(csv.DictReader(io.StringIO(bytes(data).decode("utf-8-sig"))))


def rows_of_excel(data):
    """The rows of the first sheet, each as {title: value}."""
    first, *rest = openpyxl.load_workbook(io.BytesIO(bytes(data))).active.values
    return [dict(zip(first, row)) for row in rest]


def submissions():
    """The submissions that the teacher sees, by the student's id."""
    found = TOUR.teacher.classes.get_submissions(TOUR.room, TOUR.assignment)
    return {submission.creator: submission for submission in found}


def members(group):
    return [user.id for user in TOUR.teacher.groups.list_group_users(group)]


class Tour:
    """What the checks before have made."""


ADMIN = flat_api.OrganizationApi(flat_api.FlatClient(access_token=TOKEN, base_url=BASE).api_client)
TOUR = Tour()


@check
def a_teacher_makes_a_class_with_its_two_groups():
    TOUR.teacher = Person("tess", "teacher")
    made = TOUR.teacher.classes.create_class(flat_api.ClassCreation(name="Music 7a", section="Spring"))
    TOUR.room, TOUR.code = made.id, made.enrollment_code
    equal((made.name, made.section, made.owner), ("Music 7a", "Spring", TOUR.teacher.id), "name, section, owner")
    assert TOUR.code, "the teacher sees no enrolment code"
    TOUR.students_group, TOUR.teachers_group = made.students_group.id, made.teachers_group.id
    equal((made.students_group.users_count, made.teachers_group.users_count), (0, 1), "counts of the groups")
    equal(value(TOUR.teacher.classes.activate_class(TOUR.room).state), "active", "state")


@check
def students_join_by_the_code_of_the_class():
    TOUR.students = {username: Person(username, "user") for username in STUDENTS}
    refused(404, lambda: TOUR.students["ada"].classes.get_class(TOUR.room))
    for student in TOUR.students.values():
        equal(student.classes.enroll_class(TOUR.code).id, TOUR.room, "class")
        equal(student.classes.get_class(TOUR.room).enrollment_code, None, "the code, which is the teacher's")
    equal(TOUR.teacher.classes.get_class(TOUR.room).students_group.users_count, len(STUDENTS), "students")
    same_elements(members(TOUR.students_group), [s.id for s in TOUR.students.values()], "students")


@check
def a_code_that_nobody_has_lets_nobody_in():
    outsider = Person("otto", "user")
    refused(404, lambda: outsider.classes.enroll_class("NOSUCHCODE"))
    refused(404, lambda: outsider.classes.get_class(TOUR.room))


@check
def the_teacher_makes_an_assignment_that_the_students_see():
    made = TOUR.teacher.classes.create_class_assignment(TOUR.room, flat_api.ClassAssignmentUpdate(
        type="newScore", title="Write a melody", description="Eight bars.", max_points=20, state="active"))
    TOUR.assignment = made.id
    equal((made.title, made.max_points), ("Write a melody", 20), "title and points")
    for student in TOUR.students.values():
        equal([found.id for found in student.classes.list_assignments(TOUR.room)], [TOUR.assignment], "assignments")


@check
def the_students_hand_in_a_score_each():
    TOUR.scores, TOUR.handed_in = {}, {}
    for username, student in TOUR.students.items():
        title = f"Melody of {username}"
        data = base64.b64encode(MUSIC.format(title=title).encode()).decode()
        score = student.scores.create_score(flat_api.ScoreCreation(flat_api.ScoreCreationFileImport(
            privacy="private", data=data, data_encoding="base64")))
        equal(score.title, title, "the title, which is read from the music")
        TOUR.scores[username] = score.id
        submitted = student.classes.create_submission(TOUR.room, TOUR.assignment, flat_api.AssignmentSubmissionUpdate(
            attachments=[flat_api.ClassAttachmentCreation(type="flat", score=score.id, sharing_mode="read")],
            submit=True))
        equal((value(submitted.state), submitted.creator), ("turnedIn", student.id), "state and creator")
        TOUR.handed_in[username] = submitted.id
    refused(404, lambda: TOUR.students["ada"].classes.get_submission(
        TOUR.room, TOUR.assignment, TOUR.handed_in["bea"]))


@check
def the_teacher_sees_all_submissions_and_grades_them():
    same_elements(submissions(), [student.id for student in TOUR.students.values()], "creators")
    for username, grade in GRADES.items():
        graded = TOUR.teacher.classes.edit_submission(
            TOUR.room, TOUR.assignment, TOUR.handed_in[username],
            flat_api.AssignmentSubmissionUpdate(grade=grade, var_return=True))
        equal(graded.grade, grade, f"grade of {username}")
        seen = TOUR.students[username].classes.get_submission(TOUR.room, TOUR.assignment, TOUR.handed_in[username])
        equal(seen.grade, grade, f"grade that {username} sees")


@check
def teacher_and_student_write_comments():
    path = (TOUR.room, TOUR.assignment, TOUR.handed_in["bea"])
    for person, text in ((TOUR.teacher, "Mind the rhythm."), (TOUR.students["bea"], "I will.")):
        written = person.classes.post_submission_comment(
            *path, flat_api.AssignmentSubmissionCommentCreation(comment=text))
        equal((written.comment, written.user), (text, person.id), "text and author")
    equal([c.comment for c in TOUR.teacher.classes.get_submission_comments(*path)], ["Mind the rhythm.", "I will."],
          "comments")


@check
def the_reviews_are_exported_as_csv_and_excel():
    TOUR.names = {username: student.name for username, student in TOUR.students.items()}
    exported("ada", "bea", "cem")


def exported(*usernames):
    """Both files hold a row for each of these students and for nobody else."""
    csv_file = TOUR.teacher.classes.export_submissions_reviews_as_csv(TOUR.room, TOUR.assignment)
    excel_file = TOUR.teacher.classes.export_submissions_reviews_as_excel(TOUR.room, TOUR.assignment)
    for rows in (rows_of_csv(csv_file), rows_of_excel(excel_file)):
        found = {row["Username"]: (row["Name"], float(row["Grade"]), float(row["Max points"])) for row in rows}
        equal(found, {name: (TOUR.names[name], float(GRADES[name]), 20.0) for name in usernames}, "rows")
        equal(len(rows), len(usernames), "number of rows")


@check
def an_administrator_removes_a_student():
    gone = TOUR.students[GONE]
    ADMIN.remove_organization_user(gone.id)
    refused(404, lambda: ADMIN.update_organization_user(gone.id, flat_api.UserAdminUpdate(firstname="Bea")))
    time.sleep(1.1)  # a token that was used just now is refused for reads within a second
    refused(401, lambda: gone.classes.get_class(TOUR.room))
    for _ in range(100):
        TOUR.receipts = receipts(gone.id)
        if TOUR.receipts:
            break
        time.sleep(0.1)
    equal(len(TOUR.receipts), 1, "receipts of the erasure")


def receipts(user):
    """The events that say what was erased of a person."""
    return [event for event in http("GET", f"/organizations/auditLog?event=user.erased&target={user}").json]


@check
def the_class_is_left_with_two_students_and_its_teacher():
    left = TOUR.teacher.classes.get_class(TOUR.room)
    equal((left.name, left.owner, value(left.state)), ("Music 7a", TOUR.teacher.id, "active"), "class")
    equal((left.students_group.users_count, left.teachers_group.users_count), (2, 1), "counts of the groups")
    same_elements(members(TOUR.students_group), [TOUR.students[name].id for name in STAYS], "students")
    equal(members(TOUR.teachers_group), [TOUR.teacher.id], "teachers")
    equal(TOUR.teacher.groups.get_group_details(TOUR.students_group).users_count, 2, "count of the group alone")


@check
def the_assignment_is_left_with_the_submissions_of_the_others():
    equal([found.id for found in TOUR.teacher.classes.list_assignments(TOUR.room)], [TOUR.assignment], "assignments")
    left = submissions()
    same_elements(left, [TOUR.students[name].id for name in STAYS], "creators")
    for name in STAYS:
        student, submission = TOUR.students[name], left[TOUR.students[name].id]
        equal((submission.id, submission.grade), (TOUR.handed_in[name], GRADES[name]), f"submission of {name}")
        equal([a.score for a in submission.attachments], [TOUR.scores[name]], f"attachments of {name}")
        equal(student.scores.get_score(TOUR.scores[name]).title, f"Melody of {name}", f"score of {name}")


@check
def nothing_of_the_removed_student_is_found():
    teacher, gone = TOUR.teacher, TOUR.students[GONE]
    of_gone = (TOUR.room, TOUR.assignment, TOUR.handed_in[GONE])
    for call in (
            lambda: teacher.users.get_user(gone.id),
            lambda: teacher.users.get_user_scores(gone.id),
            lambda: teacher.scores.get_score(TOUR.scores[GONE]),
            lambda: teacher.classes.get_submission(*of_gone),
            lambda: teacher.classes.get_submission_comments(*of_gone),
            lambda: teacher.classes.get_submission_history(*of_gone),
            lambda: teacher.classes.list_class_student_submissions(TOUR.room, gone.id)):
        refused(404, call)
    assert gone.id not in [user.id for user in ADMIN.list_organization_users(limit=1000)], "still in the list"
    equal(ADMIN.list_organization_users(q=GONE), [], "found by name")


@check
def the_exports_hold_the_others_alone():
    exported(*STAYS)


@check
def no_answer_about_the_class_names_the_removed_student():
    gone = TOUR.students[GONE]
    for path in (f"/classes/{TOUR.room}", "/classes", f"/classes/{TOUR.room}/assignments",
                 f"/classes/{TOUR.room}/assignments/{TOUR.assignment}/submissions",
                 f"/groups/{TOUR.students_group}/users", f"/groups/{TOUR.students_group}"):
        answer = http("GET", path, token=TOUR.teacher.token)
        equal(answer.status, 200, path)
        for secret in (gone.id, TOUR.names[GONE], f"Melody of {GONE}", TOUR.scores[GONE], "I will."):
            assert secret not in answer.text, f"{path} holds {secret}"


@check
def a_receipt_in_the_audit_log_counts_what_was_erased():
    erased = TOUR.receipts[0]["details"]["erased"]
    for kind in ("scores", "submissions"):
        equal(erased.get(kind), 1, f"erased {kind} in {erased}")


@check
def the_audit_log_is_whole():
    command = [os.environ["HOMEROOM_BIN"], "audit", "verify", "--database", os.environ["HOMEROOM_DATABASE"]]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    equal(done.returncode, 0, f"exit code of `audit verify`: {done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
