//! What refuses by each rule is what the page says.

use super::*;

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
pub(super) fn state_refusals() -> Vec<StateRefusal> {
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
        Refusal::ImpossibleKey(ImpossibleKey::Usage {
            spec: KeySpec::Hmac256,
            usage: KeyUsage::SignVerify,
        }),
        Refusal::ImpossibleKey(ImpossibleKey::Sm2Outside(Partition::Aws)),
        Refusal::KeyUsageMissing,
        Refusal::NotPrimaryKey { key: arn() },
        Refusal::ReplicaBesidePrimary {
            region: Region::from_static("eu-west-3"),
        },
        Refusal::ReplicaInOtherPartition,
        Refusal::ReplicaExists,
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
