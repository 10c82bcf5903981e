//! Aliases that were moved outside of the stack: which key a logical ID is.

use super::*;

/// An account with these aliases, and one key that is enabled and one that is pending deletion.
fn account(aliases: &[(&str, &str)]) -> String {
    let arn = "arn:aws:kms:eu-west-3:111122223333";
    let aliases: Vec<_> = aliases
        .iter()
        .map(|(name, key)| json!({"AliasName": name, "AliasArn": format!("{arn}:{name}"), "TargetKeyId": key}))
        .collect();
    let described = [(GOOD, "Enabled"), (DYING, "PendingDeletion")].map(|(id, state)| {
        json!({"KeyMetadata": {"KeyId": id, "Arn": format!("{arn}:key/{id}"), "KeyState": state, "Origin": "AWS_KMS",
            "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "KeyManager": "CUSTOMER", "MultiRegion": false}})
    });
    let all = [json!({"Aliases": aliases})].into_iter().chain(described);
    all.map(|one| one.to_string())
        .collect::<Vec<_>>()
        .join("\n")
}

const GOOD: &str = "1234abcd-12ab-34cd-56ef-1234567890ab";
const DYING: &str = "1234abcd-12ab-34cd-56ef-1234567890ac";

#[test]
fn which_key_a_logical_id_is_is_not_known_where_its_aliases_are_on_several_t5_f5() {
    let on = |name: &str| alias(json!(name), json!({"Ref": "K"}));
    let running = template(json!({"K": key(json!({})), "A": on("alias/a"), "C": on("alias/c")}));
    let mut new = running.clone();
    new["Resources"]["B"] = on("alias/b");
    let said = |aliases: &[(&str, &str)]| {
        let account = account(aliases);
        let told = told(&new.to_string(), Some(&account), Some(&running.to_string()));
        (told.steps, told.exit, told.rules)
    };
    let steps = |outcome: &str| vec![format!("B CreateAlias {outcome}")];
    let none = Vec::<String>::new();
    for [a, c] in [[GOOD, DYING], [DYING, GOOD]] {
        let expected = (steps("undecided"), 3, vec!["F5".to_owned()]);
        assert_eq!(said(&[("alias/a", a), ("alias/c", c)]), expected);
    }
    // One tells it (ours), and so do those that agree.
    let here = [("alias/a", GOOD), ("alias/c", GOOD)];
    assert_eq!(said(&here), (steps("ok"), 0, none.clone()));
    let refused = steps("refused KMSInvalidStateException");
    let dying = [("alias/a", DYING), ("alias/c", DYING)];
    assert_eq!((said(&dying).0, said(&dying).1), (refused, 1));
}
