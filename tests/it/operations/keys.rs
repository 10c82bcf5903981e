//! Keys that come and go, changes that are undone, pages.

use super::*;

#[test]
fn a_key_stands_once_and_in_its_scope_i1_i2() {
    let mut table = table();
    assert_eq!(
        table.insert_key(key(FIRST)),
        Err(Inconsistent::DuplicateKey(KeyArn::new(SCOPE, FIRST)))
    );
    let elsewhere = Scope::new(Region::from_static("eu-west-1"), SCOPE.account());
    let key = KeyMetadata::builder(KeyArn::new(elsewhere, KeyId::new([9; 16], false)))
        .build()
        .expect("a possible key");
    assert_eq!(
        table.insert_key(key).map_err(|error| error.rule()),
        Err(Rule::I2)
    );
}

#[test]
fn a_key_leaves_only_without_aliases_i5() {
    let mut table = table();
    let before = table.clone();
    let error = table.remove_key(&FIRST).expect_err("an alias names it");
    let words = format!(
        "aliases name key {}: 1 (rule I5)",
        KeyArn::new(SCOPE, FIRST)
    );
    assert_eq!((error.rule(), error.to_string()), (Rule::I5, words));
    assert_eq!(
        table
            .remove_key(&KeyId::new([9; 16], false))
            .map_err(|error| error.rule()),
        Err(Rule::T1)
    );
    assert_eq!(table, before);
    let change = table.remove_key(&SECOND).expect("no alias names it");
    assert_eq!(table.key(SECOND), None);
    table.undo(&change).expect("the newest change");
    assert_eq!(table, before);
}

#[test]
fn only_the_newest_change_is_undone_i4() {
    let mut table = table();
    let first = table
        .update_alias(PAYMENTS, SECOND, at(2))
        .expect("an update");
    let second = table
        .update_alias(PAYMENTS, FIRST, at(3))
        .expect("an update");
    let before = table.clone();
    assert_eq!(
        table.undo(&first).map_err(|error| error.rule()),
        Err(Rule::I4)
    );
    assert_eq!(
        table.replay(&second).map_err(|error| error.rule()),
        Err(Rule::I4)
    );
    assert_eq!(table, before);
    table.undo(&second).expect("the newest");
    assert_eq!(
        table.undo(&second).map_err(|error| error.rule()),
        Err(Rule::I4),
        "once only"
    );
    table.undo(&first).expect("the newest now");
    // Another change in the same place of the order is not this one.
    table
        .update_alias(PAYMENTS, SECOND, at(9))
        .expect("an update");
    assert_eq!(
        table.undo(&first).map_err(|error| error.rule()),
        Err(Rule::I4)
    );
}

#[test]
fn an_aws_alias_may_know_a_key_before_the_table_does_i2() {
    let mut parts = Snapshot::new(SCOPE);
    parts.aliases = vec![AliasListEntry::new(
        "alias/aws/ebs".parse().expect("a name"),
        Some(OF_AWS),
    )];
    let mut table = parts.into_table().expect("a table");
    let through: KeyIdentifier = "alias/aws/ebs".parse().expect("a name");
    refused(table.describe_key(&through), Rule::I6, "");
    assert_eq!(table.resolve(&through), Ok(OF_AWS));
    assert!(table.undescribed_keys().eq([OF_AWS]));
    assert_eq!(
        (table.key_count(), table.aliases_of(OF_AWS).count()),
        (0, 1)
    );
    let page = table.list_aliases(&ListAliases::of_key(OF_AWS));
    assert_eq!(page.map(|page| page.aliases.len()), Ok(1));
    let change = table.insert_key(key(OF_AWS)).expect("a new key");
    assert_eq!(table.resolve(&through), Ok(OF_AWS));
    assert_eq!(table.aliases_of(OF_AWS).count(), 1);
    assert!(table.is_described(&OF_AWS));
    table.undo(&change).expect("the newest change");
    refused(table.describe_key(&through), Rule::I6, "");
    assert_eq!(
        table
            .get("alias/aws/ebs")
            .and_then(|alias| alias.target_key_id()),
        Some(OF_AWS)
    );
}

#[test]
fn a_predefined_alias_without_a_key_is_not_found_l5_a8() {
    let mut parts = Snapshot::new(SCOPE);
    parts.aliases = vec![AliasListEntry::new(
        "alias/aws/xray".parse().expect("a name"),
        None,
    )];
    let table = parts.into_table().expect("a table");
    refused(
        table.describe_key(&"alias/aws/xray".parse().expect("a name")),
        Rule::U1,
        "NotFoundException",
    );
    assert_eq!(
        table
            .list_aliases(&ListAliases::default())
            .map(|page| page.aliases.len()),
        Ok(1)
    );
}

#[test]
fn pages_keep_to_their_limits_l2_l3() {
    let table = table();
    for (limit, allowed) in [
        (0, false),
        (1, true),
        (100, true),
        (101, false),
        (1000, false),
        (-1, false),
    ] {
        assert_eq!(
            ListAliases::parse(None, Some(limit), None).is_ok(),
            allowed,
            "{limit}"
        );
    }
    for (limit, allowed) in [
        (0, false),
        (1, true),
        (1000, true),
        (1001, false),
        (i64::MAX, false),
    ] {
        assert_eq!(
            ListKeys::parse(Some(limit), None).is_ok(),
            allowed,
            "{limit}"
        );
    }
    let page = table.list_keys(&ListKeys::parse(Some(3), None).expect("a limit"));
    assert_eq!(page.keys.len(), 3);
    let next = ListKeys::parse(Some(3), page.next_marker.as_deref()).expect("a marker of ours");
    let page = table.list_keys(&next);
    assert_eq!((page.keys.len(), page.next_marker), (1, None));
    for marker in [
        "x",
        "after:",
        "after:payments",
        "alias/payments",
        "after:alias/a b",
    ] {
        let refusal = ListAliases::parse(None, None, Some(marker)).expect_err(marker);
        assert_eq!(
            (refusal.rule(), refusal.exception()),
            (Rule::L3, "InvalidMarkerException")
        );
    }
    for marker in ["", "\u{1f}", "\u{100}", &"x".repeat(1025)] {
        let refusal = ListAliases::parse(None, None, Some(marker)).expect_err("out of bounds");
        assert_eq!(
            (refusal.rule(), refusal.exception()),
            (Rule::K7, "ValidationException")
        );
    }
}

#[test]
fn a_text_that_names_no_key_is_refused_by_its_form_k1_k2_k3_k4_k5_k8() {
    let refusal = |operation, text: &RequestText<'_>| {
        let parsed = Operation::parse(operation, text, ReservedNames::default());
        let refusal = parsed.expect_err("no key");
        (refusal.rule(), refusal.exception(), refusal.to_string())
    };
    let as_target = |target| {
        let text = RequestText {
            alias_name: Some("alias/payments"),
            target_key_id: Some(target),
            ..RequestText::default()
        };
        refusal(KmsOperation::UpdateAlias, &text)
    };
    let as_key = |key_id| {
        let text = RequestText {
            key_id: Some(key_id),
            ..RequestText::default()
        };
        refusal(KmsOperation::EnableKey, &text)
    };
    let bad_region = format!("arn:aws:kms:nowhere:111122223333:key/{FIRST}");
    let alias_arn = "arn:aws:kms:eu-west-3:111122223333:alias/payments";
    let (validation, not_found) = ("ValidationException", "NotFoundException");
    let (no_arn, words) = (
        "InvalidArnException",
        "Key Aliases are not supported for this operation.",
    );
    for (text, target, key) in [
        ("1234", (Rule::K1, not_found), (Rule::K1, not_found)),
        ("mrk-1234", (Rule::K2, not_found), (Rule::K2, not_found)),
        (
            "arn:aws:kms:eu-west-3:1:key/x",
            (Rule::K3, not_found),
            (Rule::K3, no_arn),
        ),
        // Its parts are well formed, and its key ID is not (measured).
        (
            "arn:aws:kms:eu-west-3:111122223333:key/x",
            (Rule::K3, not_found),
            (Rule::K3, not_found),
        ),
        (&bad_region, (Rule::K4, not_found), (Rule::K4, no_arn)),
        ("alias/payments", (Rule::K5, validation), (Rule::K8, no_arn)),
        (alias_arn, (Rule::K5, validation), (Rule::K8, no_arn)),
    ] {
        let (rule, exception, _) = as_target(text);
        assert_eq!((rule, exception), target, "{text} as a target");
        let (rule, exception, _) = as_key(text);
        assert_eq!((rule, exception), key, "{text} as a key");
    }
    assert_eq!(as_key(alias_arn).2, words);
    assert_eq!(as_key("alias/payments").2, words);
}

#[test]
fn a_key_id_in_upper_case_is_not_found_k1_t2_t3() {
    let refusal = |key_id: &str| {
        let refusal = kms_alias::parse_key_identifier(Some(key_id)).expect_err("no key");
        let refusal = refusal.in_scope(SCOPE);
        (refusal.rule(), refusal.to_string())
    };
    let upper = "1234ABCD-12AB-34CD-56EF-1234567890AB";
    let here = format!("{SCOPE}:key/{upper}");
    let not_found = (Rule::K1, format!("Key '{here}' does not exist"));
    assert_eq!(refusal(upper), not_found);
    assert_eq!(refusal(&here), not_found);
    let elsewhere = here.replace("eu-west-3", "eu-west-1");
    let other_region = (Rule::T2, "Invalid arn eu-west-1".to_owned());
    assert_eq!(refusal(&elsewhere), other_region);
    let of_another = here.replace("111122223333", "444455556666");
    assert_eq!(refusal(&of_another).0, Rule::T3);
    let many = upper.to_lowercase().to_uppercase() + "A";
    assert_eq!(
        refusal(&many),
        (Rule::K1, format!("Invalid keyId '{many}'"))
    );
    let marked = "mrk-1234ABCD12AB34CD56EF1234567890AB";
    assert_eq!(
        refusal(marked).1,
        format!("Key '{SCOPE}:key/{marked}' does not exist")
    );
    let shouted = marked.to_uppercase();
    assert_eq!(refusal(&shouted).1, format!("Invalid keyId '{shouted}'"));
}

#[test]
fn tables_are_equal_only_if_all_of_them_is() {
    type Difference = fn(&mut Snapshot);
    let differences: [(&str, Difference); 9] = [
        ("reading", |parts| {
            parts.reserved_names = ReservedNames::AliasAwsSlash;
        }),
        ("quota", |parts| parts.aliases_per_key += 1),
        ("changes", |parts| parts.sequence += 1),
        ("a key less", |parts| {
            parts.keys.retain(|key| key.key_id() != RSA);
        }),
        ("a key's state", |parts| {
            let changed = KeyMetadata::builder(KeyArn::new(SCOPE, SECOND));
            let changed = changed.status(KeyStatus::Disabled).build();
            parts.keys.retain(|key| key.key_id() != SECOND);
            parts.keys.push(changed.expect("a possible key"));
        }),
        ("an alias less", |parts| parts.aliases.clear()),
        ("its name", |parts| {
            parts.aliases[0].alias_name = INVOICES.into();
        }),
        ("its key", |parts| {
            parts.aliases[0].target_key_id = Some(SECOND);
        }),
        ("its date", |parts| {
            parts.aliases[0].last_updated_date = Some(at(9));
        }),
    ];
    let table = table();
    let same = table.snapshot().into_table().expect("its parts");
    assert_eq!(table, same);
    for (what, differ) in differences {
        let mut parts = table.snapshot();
        differ(&mut parts);
        let other = parts.into_table().expect(what);
        assert_ne!(table, other, "{what}");
    }
    let elsewhere = Scope::new(Region::from_static("us-east-1"), SCOPE.account());
    assert_ne!(AliasTable::new(SCOPE), AliasTable::new(elsewhere));
}

#[test]
fn a_table_shows_its_numbers_and_an_alias_what_stands() {
    let table = table();
    let shown = format!("{table:?}");
    assert!(shown.contains("keys: 4, aliases: 1"), "{shown}");
    let shown = format!("{:?}", table.get(PAYMENTS));
    assert!(shown.contains("alias/payments"), "{shown}");
}

#[test]
fn the_pages_of_many_aliases_join_l3_l4() {
    let mut table = AliasTable::new(SCOPE).with_aliases_per_key(2000);
    table.insert_key(key(FIRST)).expect("a new key");
    // In no order, so that what is listed lies in many places.
    let names = (0..1500_u32).map(|number| format!("alias/{:04}", number * 7 % 1500));
    for name in names {
        let name = name.parse().expect("a name");
        table.create_alias(name, FIRST, at(2)).expect("a new name");
    }
    for limit in [1, 7, 100] {
        let (mut count, mut marker) = (0, None);
        loop {
            let request = ListAliases::parse(None, Some(limit), marker.as_deref());
            let page = table
                .list_aliases(&request.expect("a request"))
                .expect("all");
            for alias in &page.aliases {
                assert_eq!(alias.name(), format!("alias/{count:04}"));
                count += 1;
            }
            let Some(next) = page.next_marker else { break };
            assert_eq!(page.aliases.len(), limit as usize);
            marker = Some(next);
        }
        assert_eq!(count, 1500);
    }
}

#[test]
fn the_pages_of_one_keys_aliases_join_and_follow_an_update_l1_l3() {
    let mut table = table();
    let name = |number: usize| format!("alias/{number:02}");
    for number in 0..25 {
        let alias = name(number).parse().expect("a name");
        table.create_alias(alias, FIRST, at(2)).expect("a new name");
    }
    table.delete_alias(&PAYMENTS).expect("an alias");
    for number in (0..25).filter(|number| number % 3 == 0) {
        let alias: AliasName = name(number).parse().expect("a name");
        table.update_alias(alias, SECOND, at(3)).expect("a key");
    }
    for (key_id, is_second) in [(FIRST, false), (SECOND, true)] {
        let (mut names, mut marker) = (Vec::new(), None);
        loop {
            let key = key_id.to_string();
            let request = ListAliases::parse(Some(&key), Some(4), marker.as_deref());
            let page = table
                .list_aliases(&request.expect("a request"))
                .expect("a key");
            names.extend(page.aliases.iter().map(|alias| String::from(alias.name())));
            match page.next_marker {
                Some(next) => marker = Some(next),
                None => break,
            }
        }
        let of_key = (0..25).filter(|number| (number % 3 == 0) == is_second);
        assert_eq!(names, of_key.map(name).collect::<Vec<_>>());
        let standing = table.aliases_of(key_id).map(|alias| alias.to_name());
        assert!(standing.eq(names));
    }
    assert_eq!(AliasTable::new(SCOPE).aliases_per_key(), 50);
    assert_eq!(table.with_aliases_per_key(7).aliases_per_key(), 7);
}
