//! The page of all rules, `src/rules.md`, says what the code does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use kms_alias::model::{Bound, Constraint, Of, Violations};
use kms_alias::model::{Cell, Footnote};
use kms_alias::*;
use kms_alias_foresee::{AliasPattern, ConditionFault, ConditionKey};

fn source(file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = if file.starts_with("crates/") {
        root.join(file)
    } else {
        root.join("src").join(file)
    };
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The cells of each row of a table that begins with such a head.
fn rows(page: &str, head: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        inside = line == head || (inside && line.starts_with('|'));
        if inside && line != head && !line.starts_with("|---") {
            let cells = line.trim_matches('|').split(" | ");
            rows.push(cells.map(|cell| cell.trim().to_owned()).collect());
        }
    }
    rows
}

/// The rows of all rules: number, text, source, refused with, where.
fn rule_rows() -> Vec<Vec<String>> {
    let rows = rows(
        &source("rules.md"),
        "| no. | rule | source | refused with | where |",
    );
    assert!(rows.iter().all(|row| row.len() == 5), "{rows:?}");
    rows
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_rule_has_its_row_with_its_text_and_source() {
    let rows = rule_rows();
    let page: Vec<_> = rows
        .iter()
        .map(|row| (&*row[0], &*row[1], &*row[2]))
        .collect();
    let rules = Rule::ALL.iter();
    let code: Vec<_> = rules
        .map(|rule| (rule.number(), rule.text(), rule.source()))
        .collect();
    assert_eq!(page, code);
}

/// A number and the range that it may begin: `A1` and `A1–A6` both cite `A3` or not.
fn cites(text: &str, rule: &str) -> bool {
    let number = |word: &str| {
        let digits = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
        digits.parse::<u32>().ok()
    };
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '–');
    words.into_iter().any(|word| match word.split_once('–') {
        None => word == rule,
        Some((first, last)) => {
            first.chars().next() == rule.chars().next()
                && number(first) <= number(rule)
                && number(rule) <= number(last)
        }
    })
}

/// The items of a name in a file: each with the comments above it and its body.
fn items(text: &str, name: &str) -> Vec<String> {
    let lines: Vec<_> = text.lines().collect();
    let defines = |line: &str| {
        let words: Vec<_> = line
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .collect();
        let is = |pair: &[&str]| {
            matches!(pair[0], "fn" | "const" | "struct" | "enum") && pair[1] == name
        };
        !line.trim_start().starts_with("//") && words.windows(2).any(is)
    };
    let starts = (0..lines.len()).filter(|at| defines(lines[*at]));
    let item = |start: usize| {
        let above = lines[..start].iter().rev();
        let above = above.take_while(|line| !line.is_empty());
        let indent = lines[start].len() - lines[start].trim_start().len();
        let ends = |line: &&&str| {
            let depth = line.len() - line.trim_start().len();
            depth == indent
                && line.trim_start().starts_with(['}', ']', ')'])
                && !line.ends_with('{')
        };
        let body = &lines[start..];
        let end = if body[0].ends_with(';') {
            0
        } else {
            body.iter().skip(1).take_while(|line| !ends(line)).count()
        };
        let mut text: Vec<_> = above.copied().collect();
        text.extend(&body[..=end]);
        text.join("\n")
    };
    starts.map(item).collect()
}

#[test]
fn each_rule_is_where_the_page_says_and_is_cited_there() {
    for row in rule_rows() {
        let (rule, places) = (&row[0], &row[4]);
        assert!(!places.is_empty(), "{rule} is nowhere");
        for place in places.split("; ") {
            let (file, names) = place.split_once(": ").expect("a file and its items");
            let text = source(quoted(file)[0]);
            let names = quoted(names);
            assert!(!names.is_empty(), "{rule}: {file} has no item");
            for name in names {
                let items = items(&text, name);
                assert!(!items.is_empty(), "{rule}: no `{name}` in {file}");
                assert!(
                    items.iter().any(|item| cites(item, rule)),
                    "{rule} is not cited by `{name}` in {file}"
                );
            }
        }
    }
}

const KEY: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";

fn arn() -> KeyArn {
    KeyArn::new(
        Scope::new(
            Region::from_static("eu-west-3"),
            AccountId::from_static("111122223333"),
        ),
        KeyId::from_static(KEY),
    )
}

fn parse_error<T: std::str::FromStr<Err = ParseError>>(text: &str) -> ParseError {
    text.parse::<T>()
        .err()
        .unwrap_or_else(|| panic!("{text} is valid"))
}

/// What the key-state table refuses, all of it.
fn state_refusals() -> Vec<StateRefusal> {
    let mut refusals = Vec::new();
    let own = [
        KmsOperation::CreateAlias,
        KmsOperation::UpdateAlias,
        KmsOperation::DeleteAlias,
    ];
    for operation in KmsOperation::ALL
        .iter()
        .filter(|operation| !own.contains(operation))
    {
        for state in KeyState::ALL {
            for origin in Origin::ALL {
                let (id, spec) = if [KeyState::Creating, KeyState::Updating].contains(state) {
                    (
                        "mrk-1234abcd12ab34cd56ef1234567890ab",
                        KeySpec::SymmetricDefault,
                    )
                } else {
                    (KEY, KeySpec::SymmetricDefault)
                };
                let arn = KeyArn::new(arn().scope(), id.parse().expect("a key ID"));
                let key = KeyMetadata::builder(arn)
                    .spec(spec)
                    .origin(*origin)
                    .state(*state);
                let Ok(key) = key.build() else { continue };
                if let Err(footnote) = operation.verdict(&key) {
                    refusals.push(StateRefusal {
                        key: arn,
                        state: *state,
                        origin: *origin,
                        footnote,
                    });
                }
            }
        }
    }
    refusals
}

/// One of every variant of `Refusal`, and of those with several exceptions one of each.
fn refusals() -> Vec<Refusal> {
    let text = || Box::<str>::from("x");
    let name = AliasName::from_static("alias/payments");
    let alias = AliasArn::new(arn().scope(), name.clone());
    let broken = |path: &str, constraint| {
        let mut violations = Violations::default();
        violations.add(&path, Some("'x'"), constraint, Of::Member);
        Refusal::Constraints(violations)
    };
    let bound = Bound::AtMost(256);
    let pending = StateRefusal {
        key: arn(),
        state: KeyState::PendingDeletion,
        origin: Origin::AwsKms,
        footnote: Footnote::PendingDeletion,
    };
    let not_pending = StateRefusal {
        state: KeyState::Enabled,
        footnote: Footnote::NotPendingDeletion,
        ..pending
    };
    let bad_arn = |text: &str| parse_error::<KeyArn>(text);
    let other_region = "arn:aws:kms:cn-north-1:111122223333:key/";
    let mut refusals = vec![
        Refusal::AliasPrefixMissing { alias_name: text() },
        broken("aliasName", Constraint::Length(bound)),
        broken("aliasName", Constraint::Pattern("x")),
        broken("keyId", Constraint::Length(bound)),
        broken("limit", Constraint::Value(bound)),
        broken("pendingWindowInDays", Constraint::Value(bound)),
        Refusal::AliasNameColon { alias_name: text() },
        Refusal::ReservedAliasName {
            alias_name: text(),
            reserved_names: ReservedNames::default(),
        },
        Refusal::AlreadyExists {
            alias: alias.clone(),
        },
        Refusal::InvalidKeyId {
            value: text(),
            error: parse_error::<KeyId>("x"),
        },
        Refusal::InvalidKeyId {
            value: text(),
            error: parse_error::<KeyId>("mrk-x"),
        },
        Refusal::MalformedTargetArn {
            value: text(),
            error: bad_arn("arn:aws:x"),
        },
        Refusal::MalformedTargetArn {
            value: text(),
            error: bad_arn(other_region),
        },
        Refusal::MalformedArn {
            value: text(),
            error: bad_arn("arn:aws:x"),
        },
        Refusal::MalformedArn {
            value: text(),
            error: bad_arn(other_region),
        },
        Refusal::TargetIsAlias { value: text() },
        Refusal::MemberType {
            member: "aliasName",
            expected: "a string",
        },
        Refusal::UnknownOperation { operation: text() },
        Refusal::AliasNotSupported {
            value: "alias/x".into(),
        },
        Refusal::UpperCaseKeyId { value: text() },
        Refusal::MalformedKeyIdInArn {
            key_id: text(),
            error: bad_arn("arn:aws:x"),
        },
        Refusal::IncorrectKey {
            region: Region::from_static("eu-west-1"),
        },
        Refusal::KeyUsage {
            key: arn(),
            usage: KeyUsage::SignVerify,
            operation: KmsOperation::Encrypt,
        },
        Refusal::KeyNotFound { key: arn() },
        Refusal::OtherRegion {
            region: Region::from_static("eu-west-1"),
        },
        Refusal::OtherAccount {
            partition: Partition::Aws,
            account: AccountId::from_static("444455556666"),
        },
        Refusal::AwsManagedTarget {
            operation: KmsOperation::CreateAlias,
            key: arn(),
        },
        Refusal::TargetKeyState(pending),
        Refusal::AliasesPerKeyQuota {
            quota: 50,
            usage: 50,
        },
        Refusal::TableFull {
            aliases: 31_000_000,
        },
        Refusal::AliasNotFound { alias },
        Refusal::KeyTypeDiffers {
            alias_name: name.clone(),
            from: KeyType::Asymmetric,
            to: KeyType::Hmac,
        },
        Refusal::KeyUsageDiffers {
            alias_name: name,
            from: KeyUsage::SignVerify,
            to: KeyUsage::KeyAgreement,
        },
        Refusal::InvalidMarker,
        Refusal::DeletionNotDue {
            key: arn(),
            deletion_date: Timestamp::from_millis(0),
        },
        Refusal::DeletionNotPending(not_pending),
        Refusal::AwsManagedKey {
            operation: KmsOperation::DisableKey,
            key: arn(),
        },
        Refusal::NotDescribed { key: arn() },
    ];
    let states = state_refusals().into_iter();
    refusals.extend(
        states.flat_map(|state| [Refusal::UseThroughAlias(state), Refusal::KeyState(state)]),
    );
    refusals
}

#[test]
fn the_samples_are_of_every_variant() {
    let of = |text: &str| -> String {
        let end = text
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(text.len());
        text[..end].to_owned()
    };
    let samples: BTreeSet<_> = refusals()
        .iter()
        .map(|refusal| of(&format!("{refusal:?}")))
        .collect();
    let text = source("operation/refusal.rs");
    let (_, refusal) = text.split_once("pub enum Refusal {").expect("the enum");
    let variants = refusal.lines().take_while(|line| *line != "}");
    let variants = variants.filter_map(|line| line.strip_prefix("    "));
    let variants = variants.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    let mut variants: BTreeSet<_> = variants.map(of).collect();
    // What a key cannot be has its own samples below, and an exception that nobody asks AWS for.
    assert!(variants.remove("ImpossibleState"));
    assert_eq!(samples, variants);
}

/// The error types of values that are made without a request, with a rule that each can tell.
fn errors() -> Vec<(Rule, &'static str)> {
    let mut errors = Vec::new();
    for error in [
        parse_error::<AliasName>("payments"),
        parse_error::<AliasName>("alias/"),
        parse_error::<AliasName>("alias/."),
        parse_error::<AliasName>("alias/awsome"),
        parse_error::<AwsAliasName>("alias/payments"),
        parse_error::<KeyId>("x"),
        parse_error::<KeyId>("mrk-x"),
        parse_error::<KeyArn>("x"),
        parse_error::<Region>("x"),
        parse_error::<TargetKeyId>("alias/payments"),
        parse_error::<KeyIdentifier>("?"),
    ] {
        errors.push((error.rule(), "ParseError"));
    }
    let multi = KeyArn::new(
        arn().scope(),
        KeyId::from_static("mrk-1234abcd12ab34cd56ef1234567890ab"),
    );
    let build = KeyMetadata::builder;
    for key in [
        build(arn()).usage(KeyUsage::SignVerify),
        build(arn()).multi_region_role(MultiRegionRole::Replica),
        build(arn()).state(KeyState::PendingImport),
        build(arn()).state(KeyState::Unavailable),
        build(arn()).state(KeyState::Updating),
        build(multi)
            .multi_region_role(MultiRegionRole::Replica)
            .state(KeyState::PendingReplicaDeletion),
    ] {
        let impossible = key.build().expect_err("no such key");
        errors.push((impossible.rule(), "ImpossibleKey"));
        assert_eq!(
            Refusal::ImpossibleState(impossible).rule(),
            impossible.rule()
        );
    }
    let any = || AnyAliasName::from(AliasName::from_static("alias/payments"));
    for inconsistent in [
        Inconsistent::DuplicateKey(arn()),
        Inconsistent::NoTarget(any()),
        Inconsistent::TooManyChanges(0),
        Inconsistent::NoService(any()),
        Inconsistent::NoRoom(any()),
        Inconsistent::HasAliases {
            key: arn(),
            count: 1,
        },
        Inconsistent::UnknownKey(arn()),
    ] {
        errors.push((inconsistent.rule(), "Inconsistent"));
    }
    let variable = "alias/${x}"
        .parse::<AliasPattern>()
        .expect_err("a variable");
    errors.push((variable.rule(), "PatternError"));
    for fault in [
        ConditionFault::Variable(variable),
        ConditionFault::SetOperatorMissing(ConditionKey::ResourceAliases),
    ] {
        errors.push((fault.rule().expect("a rule"), "ConditionFault"));
    }
    errors
}

#[test]
fn what_refuses_is_what_the_page_says() {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for refusal in refusals() {
        let exceptions = known.entry(refusal.rule().to_string()).or_default();
        // What is no answer of KMS has no exception.
        let exception = Some(refusal.exception()).filter(|name| !name.is_empty());
        exceptions.insert(exception.unwrap_or("NotDescribed").to_owned());
    }
    for (rule, error) in errors() {
        let errors = known.entry(rule.to_string()).or_default();
        errors.insert(error.to_owned());
    }
    for row in rule_rows() {
        let (rule, said) = (&row[0], &row[3]);
        let said: BTreeSet<_> = quoted(said).into_iter().map(str::to_owned).collect();
        let known = known.remove(rule).unwrap_or_default();
        assert_eq!(said, known, "rule {rule}");
    }
    assert!(known.is_empty(), "{known:?}");
}

/// A cell as the page prints it.
fn cell(cell: Cell) -> String {
    match cell {
        Cell::Succeeds | Cell::SucceedsWithoutEffect => "yes".to_owned(),
        Cell::SucceedsOnceAvailable => "yes (12)".to_owned(),
        Cell::SucceedsIfImported => "yes (9)".to_owned(),
        Cell::Fails(note) => note.number().to_string(),
        Cell::FailsEither(one, other) => format!("{} or {}", one.number(), other.number()),
        Cell::FailsUnlessStays(note) => format!("{} (13)", note.number()),
        Cell::Depends(note) => format!("if ({})", note.number()),
        Cell::DependsOnSide => "if (10)".to_owned(),
        Cell::NotApplicable => "n/a".to_owned(),
        other => panic!("the page cannot print {other:?}"),
    }
}

const KEY_STATES: &str = "| operation | enabled | disabled | pending deletion | pending import | unavailable | creating | updating |";

#[test]
fn the_key_state_table_is_the_one_of_the_code_s8() {
    let states = [
        KeyState::Enabled,
        KeyState::Disabled,
        KeyState::PendingDeletion,
        KeyState::PendingImport,
        KeyState::Unavailable,
        KeyState::Creating,
        KeyState::Updating,
    ];
    // Pending deletion stands for both states of that name.
    let mut others = KeyState::ALL.to_vec();
    others.retain(|state| !states.contains(state));
    assert_eq!(others, [KeyState::PendingReplicaDeletion]);
    let row = |operation: &KmsOperation| {
        let cells = states.map(|state| cell(operation.in_state(state)));
        let mut row = vec![operation.as_str().to_owned()];
        row.extend(cells);
        row
    };
    let of_keys = KmsOperation::ALL.iter();
    let of_keys = of_keys.filter(|operation| operation.names_key());
    let code: Vec<_> = of_keys.map(row).collect();
    let page = rows(&source("rules.md"), KEY_STATES);
    let print = |rows: &[Vec<String>]| {
        let rows = rows.iter().map(|row| format!("| {} |\n", row.join(" | ")));
        rows.collect::<String>()
    };
    assert_eq!(print(&page), print(&code));
}

#[test]
fn the_notes_have_their_exceptions_s8() {
    let mut page = BTreeMap::new();
    for row in rows(
        &source("rules.md"),
        "| note | it is refused because | exception |",
    ) {
        page.insert(row[0].clone(), quoted(&row[2])[0].to_owned());
    }
    let mut met = BTreeSet::new();
    for refusal in state_refusals() {
        let number = refusal.footnote.number().to_string();
        assert_eq!(page[&number], refusal.footnote.exception(), "note {number}");
        met.insert(number);
    }
    // Of notes 2 and 3 the latter is chosen, and what note 8 is about is met by no other.
    let mut others: BTreeSet<_> = page.keys().cloned().collect();
    others.retain(|number| !met.contains(number));
    assert_eq!(others, BTreeSet::from(["2".to_owned()]));
    assert_eq!(page["2"], Footnote::PendingDeletionDisabled.exception());
}
