//! Names of aliases in plans: handed over, made, sensitive.

use super::*;

#[test]
fn one_alias_too_many_fails_though_no_single_one_does_t6() {
    let plan = |count: u32| {
        let mut plan = Plan::new()
            .key("aws_kms_key.k")
            .resource("aws_kms_key.k", json!({}));
        for number in 0..count {
            plan = plan.alias_of_unknown(
                &format!("aws_kms_alias.a[{number}]"),
                &format!("alias/a{number}"),
            );
        }
        plan.resource(
            "aws_kms_alias.a",
            json!({"target_key_id": refers(&["aws_kms_key.k.key_id", "aws_kms_key.k"])}),
        )
    };
    let fits = told(&plan(50).json(), None, None);
    assert!(fits.exit == 0 && fits.steps.iter().all(|step| step.ends_with(" ok")));
    // Of four where three fit, one is refused, whichever it is.
    let plan = plan(4).json();
    let input = RunInput::new(
        File {
            name: "plan.json",
            bytes: plan.as_bytes(),
        },
        NOW,
    );
    let mut accounts = Accounts::unknown(Options::default().with_aliases_per_key(3));
    let read = read_run(&input, &mut accounts).expect("a plan");
    let beyond = tell(&read, &judge(&read.run, accounts.into_knowledge()));
    assert!(
        beyond.exit == 1 && beyond.steps.iter().all(|step| step.ends_with(" undecided")),
        "{beyond:?}"
    );
}

#[test]
fn a_name_is_handed_over_where_an_order_is_fixed() {
    let plan = Plan::new()
        .delete("aws_kms_alias.a", alias("alias/x", 1))
        .change(
            "aws_kms_alias.b",
            &["delete", "create"],
            alias("alias/y", 1),
            json!({"name": "alias/x", "target_key_id": id(1)}),
            json!({}),
        )
        .prior("aws_kms_alias.a", alias("alias/x", 1), &[])
        .prior("aws_kms_key.k", key(1), &[])
        .resource("aws_kms_alias.b", json!({}));
    gets(
        &plan.prior("aws_kms_alias.b", alias("alias/y", 1), &["aws_kms_alias.a"]),
        0,
        &[
            "aws_kms_alias.a DeleteAlias ok",
            "aws_kms_alias.b CreateAlias ok",
            "aws_kms_alias.b DeleteAlias ok",
        ],
    );
}

#[test]
fn an_alias_replaced_by_one_made_first_is_in_its_own_way_a6() {
    let plan = |actions: &[&str]| {
        Plan::new().prior("aws_kms_key.k", key(1), &[]).change(
            "aws_kms_alias.a",
            actions,
            alias("alias/x", 1),
            json!({"name": "alias/x", "target_key_id": id(1)}),
            json!({}),
        )
    };
    gets(
        &plan(&["create", "delete"]),
        1,
        &[
            "aws_kms_alias.a CreateAlias refused AlreadyExistsException",
            "aws_kms_alias.a DeleteAlias ok",
        ],
    );
    gets(
        &plan(&["delete", "create"]),
        0,
        &[
            "aws_kms_alias.a DeleteAlias ok",
            "aws_kms_alias.a CreateAlias ok",
        ],
    );
}

#[test]
fn names_that_are_made_differ_from_every_other() {
    let name = |after: Value, unknown: Value, expressions: Value| {
        let plan = Plan::new()
            .create(
                "aws_kms_alias.a",
                with(after, json!({"target_key_id": id(1)})),
                unknown,
            )
            .resource("aws_kms_alias.a", expressions);
        let (read, _) = judged(&plan.json(), None, None);
        match &read.run.steps[0].request {
            Request::CreateAlias {
                alias_name: NameReference::Unknown(name),
                ..
            } => (name.prefix.to_string(), name.is_unique),
            other => panic!("{other:?}"),
        }
    };
    let prefixed = json!({"name_prefix": {"constant_value": "alias/app-"}});
    assert_eq!(
        name(
            json!({"name_prefix": "alias/app-"}),
            json!({"name": true}),
            prefixed
        ),
        ("alias/app-".into(), true)
    );
    assert_eq!(
        name(
            json!({}),
            json!({"name": true, "name_prefix": true}),
            json!({})
        ),
        ("alias/".into(), true)
    );
    let random = json!({"name": refers(&["random_id.r.hex", "random_id.r"])});
    assert_eq!(
        name(
            json!({}),
            json!({"name": true, "name_prefix": true}),
            random
        ),
        (String::new(), false)
    );
}

#[test]
fn a_prefix_is_26_characters_shorter_than_a_name_may_be_a2() {
    for (length, is_accepted) in [
        (200, true),
        (230, true),
        (231, false),
        (235, false),
        (256, false),
    ] {
        let prefix = format!("{:x<length$}", "alias/");
        let plan = Plan::new()
            .create(
                "aws_kms_alias.a",
                json!({"name_prefix": prefix, "target_key_id": id(1)}),
                json!({"name": true}),
            )
            .prior("aws_kms_key.k", key(1), &[])
            .resource(
                "aws_kms_alias.a",
                json!({"name_prefix": {"constant_value": prefix}}),
            );
        let step = match is_accepted {
            true => "aws_kms_alias.a CreateAlias ok",
            false => "aws_kms_alias.a CreateAlias refused ValidationException",
        };
        gets(&plan, u8::from(!is_accepted), &[step]);
    }
}

#[test]
fn aliases_of_awscc_have_names_of_their_own() {
    let plan = Plan::new()
        .create(
            "awscc_kms_alias.a",
            json!({"alias_name": "alias/a"}),
            json!({"target_key_id": true}),
        )
        .create("awscc_kms_key.k", json!({}), json!({"key_id": true}))
        .delete(
            "awscc_kms_alias.b",
            json!({"alias_name": "alias/b", "id": "alias/b", "target_key_id": id(1)}),
        )
        .prior(
            "awscc_kms_alias.b",
            json!({"alias_name": "alias/b", "id": "alias/b", "target_key_id": id(1)}),
            &[],
        )
        .resource("awscc_kms_key.k", json!({}))
        .resource(
            "awscc_kms_alias.a",
            json!({"target_key_id": refers(&["awscc_kms_key.k.key_id", "awscc_kms_key.k"])}),
        );
    gets(
        &plan,
        0,
        &[
            "awscc_kms_alias.a CreateAlias ok",
            "awscc_kms_alias.b DeleteAlias ok",
        ],
    );
}

#[test]
fn a_block_moved_asks_nothing_of_kms_and_what_changes_beside_it_is_judged_f2_f3() {
    let standing = || alias("alias/x", 1);
    let plan = |actions: &[&str], after: Value| {
        Plan::new()
            .change("aws_kms_alias.new", actions, standing(), after, json!({}))
            .moved_from("aws_kms_alias.old")
            .delete("aws_kms_key.k", key(1))
            .prior("aws_kms_key.k", key(1), &[])
            .prior("aws_kms_key.l", key(2), &[])
            .prior("aws_kms_alias.new", standing(), &["aws_kms_key.k"])
    };
    gets(&plan(&["no-op"], standing()), 0, &[]);
    let elsewhere = with(standing(), json!({"target_key_id": id(2)}));
    let told = gets(
        &plan(&["update"], elsewhere),
        0,
        &["aws_kms_alias.new UpdateAlias ok"],
    );
    assert_eq!(told.rules, ["F2", "F3"]);
}

#[test]
fn what_is_imported_stands_already_a6() {
    let standing = || alias("alias/x", 1);
    let imported = || {
        Plan::new()
            .change("aws_kms_key.k", &["no-op"], key(1), key(1), json!({}))
            .importing(&id(1))
            .change(
                "aws_kms_alias.a",
                &["no-op"],
                standing(),
                standing(),
                json!({}),
            )
            .importing("alias/x")
            .prior("aws_kms_key.k", key(1), &[])
            .prior("aws_kms_alias.a", standing(), &[])
    };
    gets(&imported(), 0, &[]);
    let again = json!({"name": "alias/x", "target_key_id": id(1)});
    gets(
        &imported().create("aws_kms_alias.b", again, json!({})),
        1,
        &["aws_kms_alias.b CreateAlias refused AlreadyExistsException"],
    );
    let elsewhere = with(standing(), json!({"target_key_id": id(2)}));
    let of_usage = |usage: &str, spec: &str| {
        let other = json!({"key_usage": usage, "customer_master_key_spec": spec});
        Plan::new()
            .prior("aws_kms_key.k", key(1), &[])
            .prior("aws_kms_key.l", with(key(2), other), &[])
            .change(
                "aws_kms_alias.a",
                &["update"],
                standing(),
                elsewhere.clone(),
                json!({}),
            )
            .importing("alias/x")
    };
    gets(
        &of_usage("ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT"),
        0,
        &["aws_kms_alias.a UpdateAlias ok"],
    );
    gets(
        &of_usage("SIGN_VERIFY", "RSA_2048"),
        1,
        &["aws_kms_alias.a UpdateAlias refused ValidationException"],
    );
}

#[test]
fn where_a_resource_of_the_same_name_goes_a_block_moved_is_told() {
    let notes = |name: &str| {
        let plan = Plan::new()
            .prior("aws_kms_key.k", key(1), &[])
            .delete("aws_kms_alias.old", alias("alias/x", 1))
            .create(
                "aws_kms_alias.new",
                json!({"name": name, "target_key_id": id(1)}),
                json!({}),
            );
        let (read, _) = judged(&plan.json(), None, None);
        let steps = read.run.steps.iter();
        let mut new = steps.filter(|it| it.address.as_deref() == Some("aws_kms_alias.new"));
        let notes = &new.next().expect("a step").notes;
        notes.iter().map(|it| &*it.words).collect::<String>()
    };
    let words = "a block `moved` from aws_kms_alias.old to aws_kms_alias.new keeps it";
    assert!(notes("alias/x").ends_with(words), "{}", notes("alias/x"));
    assert!(!notes("alias/y").contains("moved"));
}

#[test]
fn aliases_that_share_a_long_name_prefix_have_names_of_their_own_a6() {
    let prefix = format!("alias/{}", "p".repeat(256 - 6 - 26));
    let mut plan = Plan::new().prior("aws_kms_key.k", key(1), &[]);
    let addresses: Vec<String> = (0..40)
        .map(|number| format!("module.m[{number}].aws_kms_alias.a"))
        .collect();
    for address in &addresses {
        let after = json!({"name_prefix": prefix, "target_key_id": id(1)});
        plan = plan.create(address, after, json!({"name": true}));
    }
    let steps: Vec<String> = addresses
        .iter()
        .map(|address| format!("{address} CreateAlias ok"))
        .collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    gets(&plan, 0, &steps);
}

/// A name or a prefix of one, whichever a condition says.
fn conditional(after: Value) -> Plan {
    let expressions = json!({"name": refers(&["each.value.use", "each.value", "each.key"]),
        "name_prefix": refers(&["each.value.use", "each.value", "each.key"])});
    Plan::new()
        .create(
            "aws_kms_alias.a",
            with(after, json!({"target_key_id": id(1)})),
            json!({"name": true}),
        )
        .create(
            "aws_kms_alias.b",
            json!({"name": "alias/b", "target_key_id": id(1)}),
            json!({}),
        )
        .prior("aws_kms_key.k", key(1), &[])
        .resource("aws_kms_alias.a", expressions)
        .resource("aws_kms_alias.b", json!({}))
}

#[test]
fn a_prefix_that_is_known_settles_the_form_of_a_conditional_name_a6() {
    let [a, b] = ["a", "b"].map(|name| format!("aws_kms_alias.{name} CreateAlias ok"));
    gets(
        &conditional(json!({"name_prefix": "alias/pre-"})),
        0,
        &[&a, &b],
    );
    // Without a prefix the name may be any.
    let steps = ["a", "b"].map(|name| format!("aws_kms_alias.{name} CreateAlias undecided"));
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    gets(&conditional(json!({"name_prefix": null})), 3, &steps);
}

#[test]
fn an_alias_that_terraform_stops_managing_keeps_its_name_and_can_be_imported_a6() {
    let new = json!({"name": "alias/x", "target_key_id": id(1)});
    let forgotten = |plan: Plan| {
        let plan = plan
            .prior("aws_kms_alias.old", alias("alias/x", 1), &[])
            .prior("aws_kms_key.k", key(1), &[]);
        let (read, judgement) = judged(&plan.json(), None, None);
        let notes = read.run.steps[0].notes.iter();
        let fitting = notes.filter(|note| note.fits(&judgement.outcomes[0]));
        fitting
            .map(|note| note.words.to_string())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let standing = || alias("alias/x", 1);
    let removed = Plan::new()
        .change(
            "aws_kms_alias.old",
            &["forget"],
            standing(),
            Value::Null,
            json!({}),
        )
        .create("aws_kms_alias.new", new.clone(), json!({}));
    let words = forgotten(removed);
    assert!(
        words.contains("`import` with the ID alias/x to aws_kms_alias.new"),
        "{words}"
    );
    let again = Plan::new().change(
        "aws_kms_alias.old",
        &["forget", "create"],
        standing(),
        new,
        json!({}),
    );
    let words = forgotten(again);
    assert!(words.contains("`import`"), "{words}");
}
