//! What a program does with a refusal: its kind, whether to try again, and how it is written down.

use kms_alias::{
    AliasTable, Exception, KeyArn, KeyId, KeyMetadata, KeyState, KmsOperation, Operation, Origin,
    Refusal, RequestText, ReservedNames, Rule, Scope, Timestamp,
};
use serde_json::json;

const AT: Timestamp = Timestamp::from_secs(1_700_000_000);
const KEY: KeyId = KeyId::from_static("1234abcd-12ab-34cd-56ef-1234567890ab");

fn scope() -> Scope {
    "arn:aws:kms:eu-west-3:111122223333".parse().unwrap()
}

fn parsed(operation: KmsOperation, alias_name: &str, key: &str) -> Result<Operation, Refusal> {
    let text = RequestText {
        alias_name: Some(alias_name),
        target_key_id: Some(key),
        key_id: Some(key),
        ..RequestText::default()
    };
    Operation::parse(operation, &text, ReservedNames::default())
}

#[test]
fn a_request_that_may_pass_later_passes_once_the_account_is_another_t1_t5_a6() {
    let create = parsed(KmsOperation::CreateAlias, "alias/a", &KEY.to_string()).unwrap();
    let mut table = AliasTable::new(scope());
    let refusal = table.check(&create, AT).unwrap_err();
    assert_eq!((refusal.rule(), refusal.may_pass_later()), (Rule::T1, true));

    let key = KeyMetadata::builder(KeyArn::new(scope(), KEY));
    let dying = key.clone().state(KeyState::PendingDeletion);
    table.insert_key(dying.build().unwrap()).unwrap();
    let refusal = table.check(&create, AT).unwrap_err();
    assert_eq!((refusal.rule(), refusal.may_pass_later()), (Rule::T5, true));

    table.change_key(key.build().unwrap()).unwrap();
    table.apply(&create, AT).unwrap();
    let refusal = table.check(&create, AT).unwrap_err();
    assert_eq!((refusal.rule(), refusal.may_pass_later()), (Rule::A6, true));
    let delete = parsed(KmsOperation::DeleteAlias, "alias/a", "").unwrap();
    table.apply(&delete, AT).unwrap();
    table.apply(&create, AT).unwrap();
}

#[test]
fn what_a_request_says_itself_is_refused_for_ever_a1_a3_a4_k1_k5() {
    let key = KEY.to_string();
    for (name, target, rule) in [
        ("a", &*key, Rule::A1),
        ("alias/a.b", &*key, Rule::A3),
        ("alias/aws/a", &*key, Rule::A4),
        ("alias/a", "1234", Rule::K1),
        ("alias/a", "alias/b", Rule::K5),
    ] {
        let refusal = parsed(KmsOperation::CreateAlias, name, target).unwrap_err();
        assert_eq!(
            (refusal.rule(), refusal.may_pass_later()),
            (rule, false),
            "{refusal}"
        );
    }
}

#[test]
fn an_origin_never_changes_s8() {
    let key = KeyMetadata::builder(KeyArn::new(scope(), KEY)).origin(Origin::AwsCloudhsm);
    let mut table = AliasTable::new(scope());
    table.insert_key(key.build().unwrap()).unwrap();
    let rotate = KmsOperation::EnableKeyRotation;
    let refusal = table.check_use(rotate, &KEY.into()).unwrap_err();
    assert_eq!(refusal.kind(), Some(Exception::UnsupportedOperation));
    assert_eq!(
        (refusal.rule(), refusal.may_pass_later()),
        (Rule::S8, false)
    );
}

#[test]
fn a_refusal_is_written_with_exception_words_and_rule_t1_i6() {
    let mut table = AliasTable::new(scope());
    let create = parsed(KmsOperation::CreateAlias, "alias/a", &KEY.to_string()).unwrap();
    let written = |table: &AliasTable| serde_json::to_value(table.check(&create, AT).unwrap_err());
    let arn = KeyArn::new(scope(), KEY);
    assert_eq!(
        written(&table).unwrap(),
        json!({
            "exception": "NotFoundException",
            "message": format!("Key '{arn}' does not exist"),
            "rule": "T1",
        })
    );
    // What is no answer of KMS has no exception.
    table.insert_undescribed_key(KEY).unwrap();
    let undecided = written(&table).unwrap();
    assert_eq!(
        (&undecided["exception"], &undecided["rule"]),
        (&json!(null), &json!("I6"))
    );
}
