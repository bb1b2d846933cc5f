//! A class with a teacher and two students, and what they do in it.

use homeroom_api::ScoreId;
use homeroom_client::{
    AssignmentCopy, AssignmentId, AssignmentSubmission, AssignmentSubmissionUpdate, ClassAssignment,
    ClassAssignmentUpdate, ClassAttachmentCreation, ClassCreation, ClassId, Client, Role, Scope, SharingMode,
    SubmissionId, Submissions, Update, UserId,
};
use homeroom_server::{classes, groups};

use super::TestApp;

pub const SCOPES: &[Scope] = &[Scope::EduClasses, Scope::EduAssignments, Scope::Scores];

/// Somebody, and their client.
pub struct Person {
    pub id: UserId,
    pub client: Client,
}

pub struct Course {
    pub class: ClassId,
    pub teacher: Person,
    pub ada: Person,
    pub bea: Person,
}

impl TestApp {
    pub async fn person(&self, username: &str, role: Role) -> Person {
        let (id, client) = self.caller(username, role, SCOPES).await;
        Person { id, client }
    }

    /// A class of a teacher.
    pub async fn class_of(&self, teacher: &Person) -> ClassId {
        let new = ClassCreation { name: "Choir 7b".to_owned(), ..Default::default() };
        teacher.client.classes().create(&new).await.unwrap().id
    }

    pub async fn course(&self) -> Course {
        let teacher = self.person("tess", Role::Teacher).await;
        let class = self.class_of(&teacher).await;
        let ada = self.student(&class, "ada").await;
        let bea = self.student(&class, "bea").await;
        Course { class, teacher, ada, bea }
    }

    /// A new student of a class.
    pub async fn student(&self, class: &ClassId, username: &str) -> Person {
        let person = self.person(username, Role::User).await;
        let organization = &self.school.organization;
        let mut tx = self.app.db.write().await.unwrap();
        let found = classes::find(&mut tx, organization, class).await.unwrap().unwrap();
        groups::add_user(&mut tx, organization, &found.students_group, &person.id).await.unwrap();
        tx.commit().await.unwrap();
        person
    }

    /// A private score of somebody, without any version.
    pub async fn score(&self, owner: &UserId, title: &str) -> ScoreId {
        let (now, mut tx) = (self.app.clock.now(), self.app.db.write().await.unwrap());
        let id: ScoreId = self.app.random.id(now);
        tx.execute(
            "INSERT INTO scores (organization_id, id, user_id, title, title_key, subtitle, composer, lyricist, arranger,
                                 description, tags, creation_type, license, license_text, privacy, created_at,
                                 modified_at, trashed_at, delete_at)
             VALUES ($1, $2, $3, $4, $4, '', '', '', '', '', '', 'original', 'copyright', '', 'private', $5, $5, 0, 0)",
            (&self.school.organization, &id, owner, title, now),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        id
    }
}

impl Course {
    /// Gives the class an assignment with a title.
    pub async fn give(&self, new: ClassAssignmentUpdate) -> ClassAssignment {
        let new = ClassAssignmentUpdate { title: new.title.or(Some("Étude".to_owned())), ..new };
        self.teacher.client.assignments().create(&self.class, &new).await.unwrap()
    }

    pub async fn give_plain(&self) -> AssignmentId {
        self.give(ClassAssignmentUpdate { max_points: Some(20.into()), ..Default::default() }).await.id
    }

    /// What somebody sees of the assignments of the class.
    pub async fn seen_by(&self, person: &Person) -> Vec<ClassAssignment> {
        person.client.assignments().list(&self.class).await.unwrap()
    }

    pub fn work<'a>(&'a self, person: &'a Person, assignment: &'a AssignmentId) -> Submissions<'a> {
        person.client.submissions(&self.class, assignment)
    }

    /// A submission that was handed in.
    pub async fn hand_in(&self, person: &Person, assignment: &AssignmentId) -> AssignmentSubmission {
        self.work(person, assignment).put_own(&submit(true)).await.unwrap()
    }

    pub async fn grade(
        &self,
        assignment: &AssignmentId,
        id: &SubmissionId,
        points: u32,
    ) -> AssignmentSubmission {
        self.work(&self.teacher, assignment).update(id, &grade(points)).await.unwrap()
    }
}

pub fn submit(submit: bool) -> AssignmentSubmissionUpdate {
    AssignmentSubmissionUpdate { submit: Some(submit), ..Default::default() }
}

pub fn grade(points: u32) -> AssignmentSubmissionUpdate {
    AssignmentSubmissionUpdate { grade: Update::Set(points.into()), ..Default::default() }
}

pub fn draft_grade(points: u32) -> AssignmentSubmissionUpdate {
    AssignmentSubmissionUpdate { draft_grade: Update::Set(points.into()), ..Default::default() }
}

pub fn give_back() -> AssignmentSubmissionUpdate {
    AssignmentSubmissionUpdate { r#return: Some(true), ..Default::default() }
}

pub fn attach(attachments: Vec<ClassAttachmentCreation>) -> AssignmentSubmissionUpdate {
    AssignmentSubmissionUpdate { attachments: Some(attachments), ..Default::default() }
}

pub fn link(url: &str) -> ClassAttachmentCreation {
    ClassAttachmentCreation { url: Some(url.to_owned()), ..Default::default() }
}

pub fn flat(score: &ScoreId, mode: SharingMode) -> ClassAttachmentCreation {
    ClassAttachmentCreation { score: Some(score.clone()), sharing_mode: Some(mode), ..Default::default() }
}

pub fn copy_to(class: &ClassId) -> AssignmentCopy {
    AssignmentCopy { classroom: Some(class.clone()), ..Default::default() }
}
