//! Keys that an account lists and does not describe: what depends on them is not judged (rule I6).

use super::*;

/// A key that a list names, and no more.
const LISTED: &str = "55555555-5555-4555-8555-555555555555";
/// A key on which `alias/there` stands, and no more.
const NAMED: &str = "66666666-6666-4666-8666-666666666666";

/// The account with two keys more, neither of which is described.
fn half_known() -> AliasTable {
    let text = [
        json!({"Aliases": [{"AliasName": "alias/there",
            "AliasArn": format!("{SCOPE}:alias/there"), "TargetKeyId": NAMED}]})
        .to_string(),
        json!({"Keys": [{"KeyId": LISTED, "KeyArn": arn(LISTED)}]}).to_string(),
        described(KEY, json!({})),
    ]
    .concat();
    loaded(&text)
}

#[track_caller]
fn judged(records: &[Value], agree: usize, differ: usize, not_described: usize) {
    let trail = log(records);
    let report = audit(half_known(), Coverage::Whole, &trail);
    let not_judged: Vec<_> = (not_described > 0)
        .then_some((NotJudged::KeyNotDescribed, not_described))
        .into_iter()
        .collect();
    let expected = (agree, differ, not_judged);
    assert_eq!(counts(&report), expected, "{:?}", report.findings());
}

#[test]
fn whatever_aws_answers_on_a_key_that_is_not_described_contradicts_nothing() {
    let state = "KMSInvalidStateException";
    for answer in [Answer::Ok, refused(state), refused("NotFoundException")] {
        judged(
            &[on_alias(1, "CreateAlias", "alias/new", LISTED, &answer)],
            0,
            0,
            1,
        );
        judged(
            &[on_alias(1, "UpdateAlias", "alias/there", LISTED, &answer)],
            0,
            0,
            1,
        );
        judged(
            &[on_alias(1, "UpdateAlias", "alias/there", KEY, &answer)],
            0,
            0,
            1,
        );
        judged(&[on_key(1, "DisableKey", NAMED, &answer)], 0, 0, 1);
    }
    for key in [LISTED, "alias/there"] {
        judged(&[on_key(1, "Encrypt", key, &Answer::Ok)], 0, 0, 1);
        judged(
            &[on_key(1, "Encrypt", key, &refused("DisabledException"))],
            0,
            0,
            1,
        );
    }
}

#[test]
fn what_hangs_on_its_existence_alone_is_judged_a6_u1_d1() {
    let taken = refused("AlreadyExistsException");
    judged(
        &[on_alias(1, "CreateAlias", "alias/there", KEY, &taken)],
        1,
        0,
        0,
    );
    judged(
        &[on_alias(1, "CreateAlias", "alias/there", KEY, &Answer::Ok)],
        0,
        1,
        0,
    );
    let name = json!({"aliasName": "alias/there"});
    judged(
        &[record(1, "DeleteAlias", name.clone(), &Answer::Ok)],
        1,
        0,
        0,
    );
    judged(
        &[record(
            1,
            "DeleteAlias",
            name,
            &refused("NotFoundException"),
        )],
        0,
        1,
        0,
    );
}

#[test]
fn the_aliases_of_such_a_key_go_with_it_s5() {
    let records = [
        by_aws(1, "DeleteKey", &arn(NAMED)),
        on_alias(2, "CreateAlias", "alias/there", KEY, &Answer::Ok),
        on_alias(
            3,
            "CreateAlias",
            "alias/b",
            NAMED,
            &refused("NotFoundException"),
        ),
    ];
    judged(&records, 2, 0, 1);
}

#[test]
fn such_a_key_says_nothing_of_the_order_of_checks() {
    let absent = refused("NotFoundException");
    let trail = log(&[on_alias(1, "UpdateAlias", "alias/none", LISTED, &absent)]);
    let report = audit(half_known(), Coverage::Whole, &trail);
    assert_eq!(counts(&report), (1, 0, Vec::new()));
    let seen = report.evidence().iter();
    let seen = seen.filter(|of| of.confirmed() + of.contradicted() > 0);
    assert_eq!(seen.map(|of| of.choice()).collect::<Vec<_>>(), []);
}

/// Rule H4: only a complete list of keys says which keys do not exist.
#[test]
fn a_key_that_no_complete_list_lacks_may_exist_h4() {
    const OTHER: &str = "77777777-7777-4777-8777-777777777777";
    const OTHER_TOO: &str = "88888888-8888-4888-8888-888888888888";
    let records = [
        on_alias(1, "CreateAlias", "alias/new", OTHER, &Answer::Ok),
        on_key(2, "DisableKey", OTHER_TOO, &Answer::Ok),
        on_alias(3, "UpdateAlias", "alias/none", KEY, &Answer::Ok),
    ];
    let trail = log(&records);
    let of = |coverage| counts(&audit(half_known(), coverage, &trail));
    assert_eq!(of(Coverage::Whole), (0, 3, Vec::new()));
    // That alias/none is not there is certain all the same (rule U1).
    let (agree, differ, not_judged) = of(Coverage::of_lists(true, false));
    assert_eq!((agree, differ), (0, 1));
    assert_eq!(not_judged.iter().map(|(_, count)| count).sum::<usize>(), 2);
    let (agree, differ, _) = of(Coverage::of_lists(false, true));
    assert_eq!((agree, differ), (0, 2));
}
