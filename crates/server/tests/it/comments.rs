//! Comments of scores: who writes, changes, marks and sees them.

use homeroom_client::{
    Client, CommentId, CommentQuery, CommentType, Direction, ResourceCollaboratorCreation, Scope,
    ScoreComment, ScoreCommentContext, ScoreCommentCreation, ScoreCommentUpdate, ScoreId, ScorePrivacy,
    UserId,
};
use homeroom_server::scores::comments;

use crate::library::{KEY, class, head, private, public, pupil, run, score, set_privacy, teacher, with_user};
use crate::support::{DAY, NOW, TestApp, code, refusal};

pub fn saying(comment: &str) -> ScoreCommentCreation {
    ScoreCommentCreation { comment: comment.to_owned(), ..ScoreCommentCreation::default() }
}

pub fn answering(comment: &CommentId) -> ScoreCommentCreation {
    ScoreCommentCreation { reply_to: Some(comment.clone()), ..saying("Yes") }
}

pub fn instead(comment: &str) -> ScoreCommentUpdate {
    ScoreCommentUpdate { comment: Some(comment.to_owned()), ..ScoreCommentUpdate::default() }
}

fn place() -> ScoreCommentContext {
    ScoreCommentContext {
        part_uuid: "part-1".to_owned(),
        staff_idx: None,
        staff_uuid: Some("staff-1".to_owned()),
        measure_uuids: vec!["measure-1".to_owned(), "measure-2".to_owned()],
        start_time_pos: 0.5,
        stop_time_pos: 2.25,
        start_dpq: 1.0,
        stop_dpq: 4.0,
    }
}

async fn say(client: &Client, score: &ScoreId, comment: &str) -> CommentId {
    client.comments(score).create(&saying(comment)).await.unwrap().id
}

async fn all(client: &Client, score: &ScoreId) -> Vec<ScoreComment> {
    client.comments(score).list(&CommentQuery::default()).await.unwrap()
}

async fn said(client: &Client, score: &ScoreId) -> Vec<String> {
    all(client, score).await.into_iter().map(|comment| comment.comment).collect()
}

#[tokio::test]
async fn who_can_read_a_score_comments_on_it() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (b, bea) = pupil(&app, "bea").await;
    let song = public(&app, &a, "Song").await;
    let new = ScoreCommentCreation { raw_comment: Some("**Slow**".into()), ..saying("  Slow\ner  ") };
    let made = bea.comments(&song).create(&new).await.unwrap();

    assert_eq!((&made.user, &made.score, made.date), (&b, &song, NOW));
    assert_eq!((made.comment.as_str(), made.raw_comment.as_str()), ("Slow\ner", "**Slow**"));
    assert_eq!((made.r#type, made.resolved, &made.context), (CommentType::Document, false, &None));
    assert_eq!((&made.modification_date, &made.reply_to, &made.revision), (&None, &None, &None));
    assert_eq!(all(&ada, &song).await, [made]);
    let counted = ada.collections().add_score(&"likes".into(), &song, None).await.unwrap();
    assert_eq!(counted.comments.unwrap().total, 1);
}

#[tokio::test]
async fn comments_are_listed_in_both_directions_and_by_type() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let song = private(&app, &a, "Song").await;
    let inline = ScoreCommentCreation { context: Some(place()), ..saying("here") };
    say(&ada, &song, "all").await;
    let made = ada.comments(&song).create(&inline).await.unwrap();
    assert_eq!((made.r#type, made.context), (CommentType::Inline, Some(place())));
    for (query, expected) in [
        (CommentQuery { direction: Some(Direction::Desc), ..Default::default() }, vec!["here", "all"]),
        (CommentQuery { direction: Some(Direction::Asc), ..Default::default() }, vec!["all", "here"]),
        (CommentQuery { r#type: Some(CommentType::Inline), ..Default::default() }, vec!["here"]),
        (CommentQuery { r#type: Some(CommentType::Document), ..Default::default() }, vec!["all"]),
    ] {
        let found = ada.comments(&song).list(&query).await.unwrap();
        assert_eq!(found.iter().map(|comment| &*comment.comment).collect::<Vec<_>>(), expected, "{query:?}");
    }
}

#[tokio::test]
async fn a_wrong_field_names_itself_and_writes_nothing() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let song = private(&app, &a, "Song").await;
    let long = "x".repeat(10_001);
    let nobody: UserId = "0123456789abcdef01234567".into();
    let context = |change: fn(&mut ScoreCommentContext)| {
        let mut context = place();
        change(&mut context);
        ScoreCommentCreation { context: Some(context), ..saying("x") }
    };
    for (param, wrong) in [
        ("comment", saying("")),
        ("comment", saying(" \n ")),
        ("comment", saying("a\0b")),
        ("comment", saying(&long)),
        ("rawComment", ScoreCommentCreation { raw_comment: Some(long.clone()), ..saying("x") }),
        ("revision", ScoreCommentCreation { revision: Some("nonsense".into()), ..saying("x") }),
        ("revision", ScoreCommentCreation { revision: Some(nobody.as_str().into()), ..saying("x") }),
        ("replyTo", answering(&nobody.as_str().into())),
        ("replyTo", answering(&"x".into())),
        ("mentions", ScoreCommentCreation { mentions: vec![nobody.clone()], ..saying("x") }),
        ("mentions", ScoreCommentCreation { mentions: vec!["x".into()], ..saying("x") }),
        ("context", context(|context| context.part_uuid = String::new())),
        ("context", context(|context| context.part_uuid = "x".repeat(101))),
        ("context", context(|context| context.staff_uuid = Some("a\0".to_owned()))),
        ("context", context(|context| context.measure_uuids = vec!["m".to_owned(); 1001])),
    ] {
        let refused = refusal(ada.comments(&song).create(&wrong).await);
        assert_eq!(refused, ("INVALID_PARAMETER".to_owned(), Some(param.to_owned())));
    }
    assert_eq!(said(&ada, &song).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_comment_is_changed_by_its_author_alone() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (_, bea) = pupil(&app, "bea").await;
    let song = public(&app, &a, "Song").await;
    let id = say(&bea, &song, "Slower").await;
    app.app.clock.advance(DAY);
    for client in [&ada, &head(&app).await] {
        assert_eq!(code(client.comments(&song).update(&id, &instead("Faster")).await), "FORBIDDEN");
    }
    let changed = bea.comments(&song).update(&id, &instead("Much slower")).await.unwrap();
    assert_eq!((changed.comment.as_str(), changed.raw_comment.as_str()), ("Much slower", "Much slower"));
    assert_eq!((changed.date, changed.modification_date), (NOW, Some(NOW + DAY)));
    assert_eq!(refusal(bea.comments(&song).update(&id, &instead("")).await).1.as_deref(), Some("comment"));
    let moved = ScoreCommentUpdate { context: Some(place()), ..ScoreCommentUpdate::default() };
    assert_eq!(bea.comments(&song).update(&id, &moved).await.unwrap().r#type, CommentType::Inline);
    assert_eq!(said(&ada, &song).await, ["Much slower"]);
}

#[tokio::test]
async fn a_comment_is_deleted_by_its_author_or_who_administers_the_score() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (_, bea) = pupil(&app, "bea").await;
    let (e, emmy) = teacher(&app, "emmy").await;
    let song = public(&app, &a, "Song").await;
    let writer = ResourceCollaboratorCreation { acl_write: true, ..with_user(&e) };
    ada.collaborators(&song).add(&writer).await.unwrap();
    let [first, second] = [say(&bea, &song, "one").await, say(&bea, &song, "two").await];
    let answer = ada.comments(&song).create(&answering(&first)).await.unwrap();

    for client in [&emmy, &head(&app).await] {
        assert_eq!(code(client.comments(&song).delete(&first).await), "FORBIDDEN");
    }
    bea.comments(&song).delete(&first).await.unwrap();
    ada.comments(&song).delete(&second).await.unwrap();
    assert_eq!(code(ada.comments(&song).delete(&second).await), "NOT_FOUND");
    assert_eq!(all(&bea, &song).await, [answer]);
}

#[tokio::test]
async fn a_comment_is_marked_by_its_author_or_who_may_write() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (_, bea) = pupil(&app, "bea").await;
    let (_, eve) = pupil(&app, "eve").await;
    let song = public(&app, &a, "Song").await;
    let id = say(&bea, &song, "Slower").await;
    assert_eq!(code(eve.comments(&song).resolve(&id).await), "FORBIDDEN");
    assert_eq!(code(eve.comments(&song).unresolve(&id).await), "FORBIDDEN");
    for (client, by) in [(&ada, &a), (&bea, &all(&ada, &song).await[0].user)] {
        client.comments(&song).resolve(&id).await.unwrap();
        let marked = all(&eve, &song).await.remove(0);
        assert_eq!((marked.resolved, marked.resolved_by.as_ref()), (true, Some(by)));
        client.comments(&song).unresolve(&id).await.unwrap();
        let open = all(&eve, &song).await.remove(0);
        assert_eq!((open.resolved, open.resolved_by), (false, None));
    }
}

#[tokio::test]
async fn an_answer_answers_a_comment_of_the_same_score_that_answers_none() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let [song, other] = [private(&app, &a, "Song").await, private(&app, &a, "Other").await];
    let (top, elsewhere) = (say(&ada, &song, "Slower?").await, say(&ada, &other, "Nice").await);
    let answer = ada.comments(&song).create(&answering(&top)).await.unwrap();
    assert_eq!(answer.reply_to, Some(top));
    for wrong in [&answer.id, &elsewhere] {
        let refused = refusal(ada.comments(&song).create(&answering(wrong)).await);
        assert_eq!(refused, ("INVALID_PARAMETER".to_owned(), Some("replyTo".to_owned())));
    }
}

#[tokio::test]
async fn who_can_read_the_score_can_be_mentioned() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (b, _) = pupil(&app, "bea").await;
    let (e, emmy) = teacher(&app, "emmy").await;
    class(&app, &emmy, &[&a, &b]).await;
    let song = private(&app, &a, "Song").await;
    ada.collaborators(&song).add(&with_user(&e)).await.unwrap();
    let to = |users: &[&UserId]| ScoreCommentCreation {
        mentions: users.iter().map(|user| (*user).clone()).collect(),
        ..saying("Look")
    };
    let made = ada.comments(&song).create(&to(&[&e, &a, &e])).await.unwrap();
    assert_eq!(made.mentions, [a, e.clone()]);
    let refused = refusal(ada.comments(&song).create(&to(&[&e, &b])).await);
    assert_eq!(refused, ("INVALID_PARAMETER".to_owned(), Some("mentions".to_owned())));
    app.admin().users().remove(&e).await.unwrap();
    assert_eq!(all(&ada, &song).await[0].mentions.len(), 1);
    assert_eq!(code(ada.comments(&song).create(&to(&[&e])).await), "INVALID_PARAMETER");
}

#[tokio::test]
async fn the_comments_of_a_score_that_became_private_are_out_of_reach_of_their_authors_too() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (_, eve) = pupil(&app, "eve").await;
    let song = public(&app, &a, "Song").await;
    let id = say(&eve, &song, "Nice").await;
    set_privacy(&app, &song, ScorePrivacy::Private).await;
    let comments = eve.comments(&song);
    assert_eq!(code(comments.list(&CommentQuery::default()).await), "NOT_FOUND");
    assert_eq!(code(comments.create(&saying("Again")).await), "NOT_FOUND");
    assert_eq!(code(comments.update(&id, &instead("Ugly")).await), "NOT_FOUND");
    assert_eq!(code(comments.delete(&id).await), "NOT_FOUND");
    assert_eq!(code(comments.resolve(&id).await), "NOT_FOUND");
    assert_eq!(said(&ada, &song).await, ["Nice"]);
}

#[tokio::test]
async fn a_sharing_key_opens_the_comments_of_its_score() {
    let app = TestApp::start().await;
    let (a, _) = pupil(&app, "ada").await;
    let (_, bea) = pupil(&app, "bea").await;
    let song = score(&app, &a, "Song", ScorePrivacy::PrivateLink).await;
    let comments = bea.comments(&song).with_key(KEY);
    let id = comments.create(&saying("Nice")).await.unwrap().id;
    comments.update(&id, &instead("Very nice")).await.unwrap();
    comments.resolve(&id).await.unwrap();
    assert_eq!(comments.list(&CommentQuery::default()).await.unwrap().len(), 1);
    assert_eq!(code(bea.comments(&song).list(&CommentQuery::default()).await), "NOT_FOUND");
    assert_eq!(code(bea.comments(&song).with_key("a guess").create(&saying("x")).await), "NOT_FOUND");
    comments.delete(&id).await.unwrap();
}

#[tokio::test]
async fn a_token_that_only_reads_says_nothing() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let song = private(&app, &a, "Song").await;
    let id = say(&ada, &song, "one").await;
    let reader = app.client(&app.token(&a, &[Scope::ScoresReadonly]).await);
    let social = app.client(&app.token(&a, &[Scope::ScoresSocial]).await);
    assert_eq!(code(reader.comments(&song).create(&saying("x")).await), "INSUFFICIENT_SCOPE");
    assert_eq!(code(reader.comments(&song).update(&id, &instead("x")).await), "INSUFFICIENT_SCOPE");
    assert_eq!(code(reader.comments(&song).delete(&id).await), "INSUFFICIENT_SCOPE");
    assert_eq!(code(reader.comments(&song).resolve(&id).await), "INSUFFICIENT_SCOPE");
    say(&social, &song, "two").await;
    assert_eq!(said(&reader, &song).await, ["one", "two"]);
}

#[tokio::test]
async fn the_comments_of_who_is_removed_are_gone_at_once_and_answers_stay() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (b, bea) = pupil(&app, "bea").await;
    let song = public(&app, &a, "Song").await;
    let (asked, own) = (say(&bea, &song, "Slower?").await, say(&ada, &song, "Mine").await);
    let answer = ada.comments(&song).create(&answering(&asked)).await.unwrap();
    bea.comments(&song).create(&answering(&own)).await.unwrap();
    ada.comments(&song).resolve(&own).await.unwrap();
    app.admin().users().remove(&b).await.unwrap();

    assert_eq!(said(&ada, &song).await, ["Mine", "Yes"]);
    assert_eq!(all(&ada, &song).await[1].reply_to, Some(asked.clone()));
    assert_eq!(code(ada.comments(&song).update(&asked, &instead("x")).await), "NOT_FOUND");
    assert_eq!(code(ada.comments(&song).delete(&asked).await), "NOT_FOUND");
    let refused = refusal(ada.comments(&song).create(&answering(&asked)).await);
    assert_eq!(refused.1.as_deref(), Some("replyTo"));
    let counted = ada.collections().add_score(&"likes".into(), &song, None).await.unwrap();
    assert_eq!((counted.comments.unwrap().total, answer.comment.as_str()), (2, "Yes"));
}

#[tokio::test]
async fn what_somebody_said_and_marked_is_erased_piece_by_piece() {
    let app = TestApp::start().await;
    let (a, ada) = pupil(&app, "ada").await;
    let (b, bea) = pupil(&app, "bea").await;
    let song = public(&app, &a, "Song").await;
    for _ in 0..3 {
        say(&bea, &song, "x").await;
    }
    let to_bea = ScoreCommentCreation { mentions: vec![b.clone()], ..saying("Look") };
    let id = ada.comments(&song).create(&to_bea).await.unwrap().id;
    run(&app, "UPDATE score_comments SET resolved = TRUE, resolved_by = $2 WHERE id = $1", (&id, &b)).await;
    let mut counts = Vec::new();
    for _ in 0..3 {
        let mut tx = app.app.db.write().await.unwrap();
        let said = comments::delete_some_of(&mut tx, &app.school.organization, &b, 2).await.unwrap();
        let named = comments::forget_some_of(&mut tx, &app.school.organization, &b, 2).await.unwrap();
        tx.commit().await.unwrap();
        counts.push((said, named));
    }
    assert_eq!(counts, [(2, 1), (1, 1), (0, 0)]);
    let left = all(&ada, &song).await;
    assert_eq!((left.len(), left[0].resolved, &left[0].resolved_by), (1, true, &None));
}
