//! Names, keys, accounts and Regions that are not known, and lists that are not complete.

use kms_alias::{AccountId, KeyId, Region, Rule};
use kms_alias_foresee::verdict::{
    AliasList, Conclusion, Fact, Judging, KeyFacts, KeyReference, Knowledge, NameForm,
    NameReference, Need, Outcome, Place, Possible, Request, Run, RunStep, UnknownKey, UnknownName,
    judge,
};

use kms_alias_testing::half_known::{AT, SCOPE, described, key_id, name};

fn known() -> Knowledge {
    let mut knowledge = Knowledge::new(Place::from(SCOPE));
    for number in 0..2 {
        let kms_alias_testing::half_known::Key::Described(key) = described(number, |key| key)
        else {
            unreachable!()
        };
        knowledge.table_mut().insert_key(key).expect("a new key");
    }
    let table = knowledge.table_mut();
    table
        .create_alias(name(0), key_id(0), AT)
        .expect("a free name");
    knowledge.alias_list = AliasList::Complete;
    knowledge
}

fn create(place: Place, alias_name: NameReference, key: &str) -> RunStep {
    let request = Request::CreateAlias {
        alias_name,
        target_key_id: key.into(),
    };
    RunStep::new(place, request)
}

fn some_name(is_unique: bool) -> NameReference {
    NameReference::Unknown(UnknownName {
        label: "var.name".into(),
        prefix: "alias/".into(),
        is_unique,
        form: NameForm::Any,
    })
}

#[test]
fn a_name_that_is_not_known_may_be_taken_a6() {
    let key = key_id(0).to_string();
    let step = create(SCOPE.into(), some_name(false), &key);
    let judgement = judge(&Run::listed(vec![step], AT), vec![known()]);
    let Outcome::Undecided {
        needs, could_be, ..
    } = &judgement.outcomes[0]
    else {
        panic!("{judgement:?}")
    };
    assert_eq!(
        needs[..],
        [Need::Name {
            label: "var.name".into()
        }]
    );
    let rule = |possible: &Possible| match possible {
        Possible::Ok => None,
        Possible::Refused(answer) => Some(answer.rule),
    };
    let mut rules: Vec<_> = could_be.iter().map(rule).collect();
    rules.dedup();
    let expected = [Rule::A2, Rule::A3, Rule::A4, Rule::A6].map(Some);
    assert_eq!(rules[0], None);
    assert_eq!(rules[1..], expected);
    assert!(could_be.iter().all(|possible| match possible {
        Possible::Ok => true,
        Possible::Refused(answer) => !answer.message.contains("7f3a9c51"),
    }));
    assert_eq!(judgement.conclusion, Conclusion::Undecided);
}

#[test]
fn a_name_with_an_ending_of_its_own_is_free_a6() {
    let key = key_id(0).to_string();
    let step = create(SCOPE.into(), some_name(true), &key);
    let judgement = judge(&Run::listed(vec![step], AT), vec![known()]);
    assert_eq!(judgement.outcomes, [Outcome::Ok]);
}

#[test]
fn a_name_that_is_not_known_may_be_that_of_another_step_a6() {
    let key = key_id(0).to_string();
    let steps = vec![
        create(SCOPE.into(), some_name(false), &key),
        create(SCOPE.into(), name(5).as_str().into(), &key),
    ];
    let judgement = judge(&Run::listed(steps, AT), vec![known()]);
    let Outcome::Undecided { needs, .. } = &judgement.outcomes[1] else {
        panic!("{judgement:?}")
    };
    assert_eq!(
        needs[..],
        [Need::Name {
            label: "var.name".into()
        }]
    );
}

/// KMS shows the ARN that a key ID in upper case would have.
#[test]
fn words_name_the_arn_of_a_key_id_in_upper_case_k1() {
    let upper = "1234ABCD-12AB-34CD-56EF-1234567890AB";
    let region = Some(Region::from_static("eu-west-3"));
    let known = Place {
        region,
        account: Some(kms_alias::AccountId::from_static("111122223333")),
        ..Place::default()
    };
    let in_region = Place {
        region,
        ..Place::default()
    };
    for place in [known, in_region, Place::default()] {
        let step = create(place, name(0).as_str().into(), upper);
        let judgement = judge(&Run::listed(vec![step], AT), vec![Knowledge::new(place)]);
        let Outcome::Refused { could_be } = &judgement.outcomes[0] else {
            panic!("{judgement:?}")
        };
        let expected = format!("Key '{place}:key/{upper}' does not exist");
        assert_eq!(*could_be[0].message, *expected);
    }
}

#[test]
fn words_show_a_placeholder_for_what_is_unknown_t1() {
    let place = Place::default();
    let mut knowledge = Knowledge::new(place);
    knowledge.key_list = kms_alias_foresee::verdict::KeyList::Complete;
    let step = create(place, name(0).as_str().into(), &key_id(0).to_string());
    let judgement = judge(&Run::listed(vec![step], AT), vec![knowledge]);
    let Outcome::Refused { could_be } = &judgement.outcomes[0] else {
        panic!("{judgement:?}")
    };
    let expected = format!(
        "Key 'arn:<partition>:kms:<region>:<account>:key/{}' does not exist",
        key_id(0)
    );
    assert_eq!(*could_be[0].message, *expected);

    let place = Place {
        region: Some(Region::from_static("eu-west-3")),
        ..place
    };
    let facts = KeyFacts::default();
    let unknown = UnknownKey {
        label: "data.aws_kms_key.k.arn".into(),
        facts,
        series: None,
    };
    let request = Request::CreateAlias {
        alias_name: name(0).as_str().into(),
        target_key_id: KeyReference::Unknown(unknown),
    };
    let judgement = judge(
        &Run::listed(vec![RunStep::new(place, request)], AT),
        Vec::new(),
    );
    let Outcome::Undecided {
        needs,
        could_be,
        settle,
    } = &judgement.outcomes[0]
    else {
        panic!("{judgement:?}")
    };
    let fact = |fact| Need::Key {
        key: "data.aws_kms_key.k.arn".into(),
        fact,
    };
    assert_eq!(
        *needs,
        [Fact::Existence, Fact::Manager, Fact::KeyState].map(fact)
    );
    assert!(settle.is_empty(), "it has no ID to ask for");
    let expected =
        "Key 'arn:aws:kms:eu-west-3:<account>:key/<data.aws_kms_key.k.arn>' does not exist";
    assert!(could_be.iter().any(
        |possible| matches!(possible, Possible::Refused(answer) if *answer.message == *expected)
    ));
    assert_eq!(judgement.assumed_free, [place]);
}

#[test]
fn an_arn_of_another_region_is_refused_by_t2_or_t3_where_the_account_is_not_known() {
    let oregon = Place {
        region: Some(Region::from_static("us-west-2")),
        ..Place::default()
    };
    let arn = format!("{SCOPE}:key/{}", key_id(0));
    for place in [oregon, Place::default()] {
        let step = create(place, name(0).as_str().into(), &arn);
        let judgement = judge(&Run::listed(vec![step], AT), Vec::new());
        let rules: Vec<Rule> = match &judgement.outcomes[0] {
            Outcome::Refused { could_be } => could_be.iter().map(|answer| answer.rule).collect(),
            Outcome::Undecided { could_be, .. } => could_be
                .iter()
                .filter_map(|possible| match possible {
                    Possible::Ok => None,
                    Possible::Refused(answer) => Some(answer.rule),
                })
                .collect(),
            Outcome::Ok => panic!("{place}"),
        };
        assert!(
            rules.contains(&Rule::T2) && rules.contains(&Rule::T3),
            "{place}: {rules:?}"
        );
        let is_refused = matches!(judgement.outcomes[0], Outcome::Refused { .. });
        assert_eq!(is_refused, place.region.is_some());
    }
}

#[test]
fn an_account_that_is_not_known_may_be_that_of_an_arn_t3() {
    let place = Place {
        region: Some(SCOPE.region()),
        ..Place::default()
    };
    let arn = format!("{SCOPE}:key/{}", key_id(0));
    let mut knowledge = Knowledge::new(place);
    let mut facts = KeyFacts::customer_managed();
    facts.enabled = Some(true);
    knowledge.insert_undescribed_key(key_id(0), facts);
    let step = create(place, name(0).as_str().into(), &arn);
    let judgement = judge(&Run::listed(vec![step], AT), vec![knowledge]);
    let Outcome::Undecided {
        needs,
        could_be,
        settle,
    } = &judgement.outcomes[0]
    else {
        panic!("{judgement:?}")
    };
    assert_eq!(needs[..], [Need::Account]);
    assert_eq!(settle.len(), 1);
    let Possible::Refused(answer) = &could_be[1] else {
        panic!("{could_be:?}")
    };
    assert_eq!((&could_be[0], answer.rule), (&Possible::Ok, Rule::T3));

    let other = Place {
        account: Some(AccountId::from_static("444455556666")),
        ..place
    };
    let step = create(other, name(0).as_str().into(), &arn);
    let judgement = judge(&Run::listed(vec![step], AT), Vec::new());
    assert!(
        matches!(&judgement.outcomes[0], Outcome::Refused { could_be } if could_be[0].rule == Rule::T3)
    );
}

#[test]
fn a_name_that_a_part_of_a_list_lacks_may_be_taken_a6_t6_u1() {
    let mut knowledge = known();
    knowledge.alias_list = AliasList::Incomplete;
    let key = key_id(1).to_string();
    let delete = RunStep::new(
        SCOPE,
        Request::DeleteAlias {
            alias_name: name(3).as_str().into(),
        },
    );
    let steps = vec![
        create(SCOPE.into(), name(1).as_str().into(), &key),
        delete,
        create(SCOPE.into(), name(3).as_str().into(), &key),
    ];
    let judgement = judge(&Run::listed(steps, AT), vec![knowledge]);
    let rules = |outcome: &Outcome| match outcome {
        Outcome::Undecided {
            could_be, needs, ..
        } => {
            assert!(!needs.contains(&Need::BoundReached), "{needs:?}");
            let rule = |possible: &Possible| match possible {
                Possible::Ok => None,
                Possible::Refused(answer) => Some(answer.rule),
            };
            let mut rules: Vec<_> = could_be.iter().map(rule).collect();
            rules.dedup();
            rules
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        rules(&judgement.outcomes[0]),
        [None, Some(Rule::A6), Some(Rule::T6)]
    );
    assert_eq!(rules(&judgement.outcomes[1]), [None, Some(Rule::U1)]);
    // No description of the key tells how many aliases it has.
    let Outcome::Undecided { settle, .. } = &judgement.outcomes[2] else {
        unreachable!()
    };
    assert_eq!(
        settle[..],
        ["aws kms list-aliases --region eu-west-3".into()]
    );
    // After the delete the name is free, whether it was taken or not.
    assert_eq!(rules(&judgement.outcomes[2]), [None, Some(Rule::T6)]);
    let Outcome::Undecided { needs, .. } = &judgement.outcomes[1] else {
        unreachable!()
    };
    assert_eq!(
        needs[..],
        [Need::Alias {
            alias_name: name(3).as_str().into()
        }]
    );
}

#[test]
fn what_is_certain_after_a_run_is_known_and_the_rest_is_told() {
    let mut knowledge = known();
    let undescribed = KeyId::new([9; 16], false);
    let mut facts = KeyFacts::customer_managed();
    facts.enabled = Some(true);
    knowledge.insert_undescribed_key(undescribed, facts);
    let key = undescribed.to_string();
    let steps = vec![
        // It succeeds whatever the rest of the key is.
        create(SCOPE.into(), name(1).as_str().into(), &key),
        RunStep::new(
            SCOPE,
            Request::UpdateAlias {
                alias_name: name(0).as_str().into(),
                target_key_id: key.as_str().into(),
            },
        ),
        create(
            SCOPE.into(),
            name(2).as_str().into(),
            &key_id(1).to_string(),
        ),
    ];
    let mut judging = Judging::new(vec![knowledge]);
    let judgement = judging.judge(&Run::listed(steps, AT), &mut |_, _, _| {});
    assert_eq!(judgement.outcomes[0], Outcome::Ok);
    assert!(matches!(judgement.outcomes[1], Outcome::Undecided { .. }));
    assert_eq!(judgement.open.aliases, [(Place::from(SCOPE), name(0))]);
    let after = judging.into_knowledge().remove(0);
    let on_undescribed: Vec<_> = after.aliases_of_undescribed_keys().collect();
    assert_eq!(on_undescribed, [(name(1).into(), undescribed)]);
    assert_eq!(
        after
            .table()
            .get(name(2))
            .and_then(|alias| alias.target_key_id()),
        Some(key_id(1))
    );
}

/// What a table holds undescribed is known as what is noted beside it (rules I6, H1).
#[test]
fn a_key_that_the_table_holds_undescribed_is_judged_as_one_that_is_noted_i6() {
    let undescribed = KeyId::new([9; 16], false);
    let mut parts = known().table().snapshot();
    parts.undescribed_keys.push(undescribed);
    let entry = kms_alias::AliasListEntry::new(name(1).into(), Some(undescribed));
    parts.aliases.push(entry);
    let mut held = Knowledge::from(parts.into_table().expect("a table"));
    held.alias_list = AliasList::Complete;
    let mut noted = known();
    noted.insert_alias_of_undescribed_key(name(1).into(), undescribed);
    let key = undescribed.to_string();
    let update = |alias, key: &str| {
        let request = Request::UpdateAlias {
            alias_name: name(alias).as_str().into(),
            target_key_id: key.into(),
        };
        RunStep::new(SCOPE, request)
    };
    let steps = vec![
        update(0, &key),
        update(1, &key_id(0).to_string()),
        create(SCOPE.into(), name(2).as_str().into(), &key),
        create(SCOPE.into(), name(1).as_str().into(), &key),
        RunStep::new(
            SCOPE,
            Request::DeleteAlias {
                alias_name: name(1).as_str().into(),
            },
        ),
    ];
    let run = Run::listed(steps, AT);
    let (held, noted) = (judge(&run, vec![held]), judge(&run, vec![noted]));
    assert_eq!(held.outcomes, noted.outcomes);
    assert_eq!(held.conclusion, noted.conclusion);
    assert!(matches!(held.outcomes[0], Outcome::Undecided { .. }));
    assert_eq!(held.outcomes[4], Outcome::Ok);
}
