use crate::support::{Connection, Folder, create_organization, text};

#[test]
fn a_new_organization_is_printed_to_scripts_as_four_values_on_one_line() {
    let out = Folder::new().homeroom(&create_organization("North Hill School", &["--json"])).ok();
    let parts: Vec<&str> = out.split('"').collect();
    let (organization, user, token, link) = (parts[5], parts[11], parts[15], parts[19]);
    assert_eq!(
        out,
        format!(
            "{{\"organization\":{{\"id\":\"{organization}\"}},\"user\":{{\"id\":\"{user}\"}},\"token\":\"{token}\",\"signinLink\":\"{link}\"}}\n"
        )
    );
    assert!(organization.len() == 24 && user.len() == 24, "{out}");
    assert!(token.starts_with("hr_") && token.len() == 52, "{out}");
    assert!(link.starts_with("http://127.0.0.1:8080/auth/signin-link/"), "{out}");
}

#[test]
fn an_admin_who_is_locked_out_gets_a_link_on_the_machine_itself() {
    let folder = Folder::new();
    let (_, server) = (folder.school(), folder.serve());
    let url = format!("http://{}", server.address);
    let link = |username| {
        folder.homeroom(&[
            "organizations",
            "signin-link",
            "north-hill-school",
            username,
            "--public-url",
            &url,
        ])
    };
    let made = link("ADA").ok();
    let path = made.trim().strip_prefix(url.as_str()).unwrap();
    let page = Connection::open(server.address).request("GET", path, "", "");
    assert!(page.status == 200 && page.body.contains("Hello, ada"), "{}", page.body);
    let refused = link("nobody").failure();
    assert!(refused.contains("no member with the username `nobody`"), "{refused}");
}

#[test]
fn the_first_token_shows_its_admin_with_address_and_manages_users() {
    let folder = Folder::new();
    let (school, server) = (folder.school(), folder.serve());
    let get = |path| Connection::open(server.address).request("GET", path, &school.token, "");

    let me = get("/v2/me").json();
    assert_eq!((text(&me["id"]), text(&me["organization"])), (school.admin.clone(), school.id.clone()));
    assert_eq!(me["email"], "ada@northhill.example");
    assert_eq!(me["organizationRole"], "admin");
    assert_eq!(get("/v2/organizations/users").json().as_array().unwrap().len(), 1);
    let tokens = get(&format!("/v2/organizations/users/{}/accessTokens", school.admin)).json();
    let mut scopes: Vec<String> = tokens[0]["scopes"].as_array().unwrap().iter().map(text).collect();
    scopes.sort_unstable();
    let expected = ["account.education_profile", "account.email", "account.public_profile", "edu.admin"];
    assert_eq!(scopes, expected);
}

#[test]
fn organizations_are_made_while_a_server_runs_and_are_served_at_once() {
    let folder = Folder::new();
    let server = folder.serve();
    let school = folder.school();
    let me = Connection::open(server.address).request("GET", "/v2/me", &school.token, "");
    assert_eq!((me.status, text(&me.json()["id"])), (200, school.admin));
}

#[test]
fn commands_that_start_together_on_an_empty_folder_all_succeed_and_share_one_key() {
    let folder = Folder::new();
    let tokens: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..6).map(|_| scope.spawn(|| folder.school().token)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert_eq!(folder.homeroom(&["organizations", "list", "--json"]).json().as_array().unwrap().len(), 6);
    let server = folder.serve();
    for token in tokens {
        assert_eq!(Connection::open(server.address).request("GET", "/v2/me", &token, "").status, 200);
    }
}

#[test]
fn a_slug_comes_from_the_name_and_gets_a_number_where_it_is_taken() {
    let folder = Folder::new();
    for _ in 0..3 {
        folder.homeroom(&create_organization("Lycée Zola", &[])).ok();
    }
    let listed = folder.homeroom(&["organizations", "list", "--json"]).json();
    let slugs: Vec<String> = listed.as_array().unwrap().iter().map(|one| text(&one["slug"])).collect();
    assert_eq!(slugs, ["lycee-zola", "lycee-zola-2", "lycee-zola-3"]);
    let taken = folder.homeroom(&create_organization("Another", &["--slug", "lycee-zola"])).failure();
    assert!(taken.contains("taken") && taken.contains("another"), "{taken}");
}

#[test]
fn people_read_a_table_and_what_to_do_next() {
    let folder = Folder::new();
    let created = folder.homeroom(&create_organization("North Hill School", &[]));
    assert!(created.out.contains("North Hill School (north-hill-school)"), "{}", created.out);
    assert!(created.out.contains("hr_") && created.err.contains("users list"), "{created:?}");
    let listed = folder.homeroom(&["organizations", "list"]).ok();
    assert!(listed.contains("Slug") && listed.contains("north-hill-school"), "{listed}");
}

#[test]
fn an_update_changes_only_what_is_given() {
    let folder = Folder::new();
    let school = folder.school();
    let update = ["organizations", "update", "north-hill-school", "--json"];
    let allowed = folder.command(&update).args(&["--lti1p1-allow-teachers", "true"]).run().json();
    assert_eq!(allowed["lti1p1AllowTeachersCredentials"], true);
    assert_eq!(allowed["name"], "North Hill School");
    let renamed = ["organizations", "update", &school.id, "--slug", "north", "--locale", "fr", "--json"];
    let renamed = folder.homeroom(&renamed).json();
    assert_eq!((text(&renamed["slug"]), text(&renamed["locale"])), ("north".into(), "fr".into()));
    assert_eq!(renamed["lti1p1AllowTeachersCredentials"], true);
}

#[test]
fn a_slug_that_is_taken_is_told_also_where_the_program_itself_has_it() {
    let folder = Folder::new();
    let school = folder.school();
    folder.homeroom(&create_organization("Lycée Zola", &[])).ok();
    for slug in ["lycee-zola", "individuals"] {
        let update = ["organizations", "update", &school.id, "--slug", slug];
        let taken = folder.homeroom(&update).failure();
        assert!(taken.contains("slug is taken"), "{taken}");
    }
    let same = ["organizations", "update", &school.id, "--slug", "north-hill-school"];
    folder.homeroom(&same).ok();
}

#[test]
fn an_update_of_nothing_and_one_of_an_unknown_organization_say_so() {
    let folder = Folder::new();
    folder.school();
    let nothing = folder.homeroom(&["organizations", "update", "north-hill-school"]).misuse();
    assert!(nothing.contains("--lti1p1-allow-teachers"), "{nothing}");
    let unknown = folder.homeroom(&["organizations", "update", "south", "--name", "X"]).failure();
    assert!(unknown.contains("`south`"), "{unknown}");
}

#[test]
fn wrong_values_of_a_new_organization_are_refused_with_a_sentence() {
    let folder = Folder::new();
    for (name, more, word) in [
        ("", &[][..], "`name`"),
        ("X", &["--slug", "Not A Slug"], "lower-case"),
        ("X", &["--admin-email", "nobody"], "argument"),
    ] {
        let refused = folder.homeroom(&create_organization(name, more));
        assert!(refused.code > 0 && refused.err.contains(word), "{refused:?}");
    }
}

#[test]
fn looking_for_organizations_makes_no_database() {
    let folder = Folder::new();
    let missing = folder.homeroom(&["organizations", "list"]).failure();
    assert!(missing.contains("homeroom.db") && missing.contains("--database"), "{missing}");
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
}
