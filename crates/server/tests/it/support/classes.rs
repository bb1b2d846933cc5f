//! Classes, and who is in them.

use homeroom_client::{
    ClassCreation, ClassDetails, ClassId, Client, GroupCreation, GroupDetails, GroupId, GroupUserQuery,
    NewGroupType, Role, Scope, UserId,
};

use super::TestApp;

/// What a script of a school's teachers and pupils may do.
const SCHOOL: &[Scope] =
    &[Scope::EduClasses, Scope::EduAssignments, Scope::AccountPublicProfile, Scope::AccountEducationProfile];

impl TestApp {
    pub async fn teaching(&self, username: &str) -> (UserId, Client) {
        self.caller(username, Role::Teacher, SCHOOL).await
    }

    pub async fn pupil(&self, username: &str) -> (UserId, Client) {
        self.caller(username, Role::User, SCHOOL).await
    }

    /// The school's admin with every scope.
    pub async fn head(&self) -> Client {
        self.client(&self.token(&self.school.admin, Scope::ALL).await)
    }

    /// A class of a new teacher, its id and the teacher.
    pub async fn class(&self) -> (ClassDetails, UserId, Client) {
        let (emmy, teacher) = self.teaching("teacher").await;
        let class = teacher.classes().create(&class("Choir")).await.unwrap();
        (class, emmy, teacher)
    }
}

pub fn class(name: &str) -> ClassCreation {
    ClassCreation { name: name.to_owned(), ..ClassCreation::default() }
}

pub fn sub_group(class: &ClassId, name: &str, members: &[&UserId]) -> GroupCreation {
    GroupCreation {
        r#type: NewGroupType::ClassStudentsSubGroup,
        classroom: class.clone(),
        name: Some(name.to_owned()),
        members: members.iter().map(|member| (*member).clone()).collect(),
    }
}

/// The ids of students and of teachers, which must be as many as the class says.
pub async fn members(client: &Client, class: &ClassId) -> (Vec<UserId>, Vec<UserId>) {
    let class = client.classes().get(class).await.unwrap();
    let students = listed(client, &class.students_group.unwrap()).await;
    (students, listed(client, &class.teachers_group.unwrap()).await)
}

/// The members of a group, which must be as many as it says.
pub async fn listed(client: &Client, group: &GroupDetails) -> Vec<UserId> {
    let ids = in_group(client, &group.id).await;
    assert_eq!(ids.len() as u64, group.users_count);
    ids
}

pub async fn in_group(client: &Client, group: &GroupId) -> Vec<UserId> {
    let users = client.groups().list_users(group, &GroupUserQuery::default()).await.unwrap();
    users.items.into_iter().map(|user| user.id).collect()
}
