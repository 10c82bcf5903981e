//! Account files that are older than the deletion of a key in them (rule F10).

use super::*;

/// A key that was to be deleted on a day, with an alias.
fn account(day: &str) -> String {
    let key = json!({"KeyMetadata": {
        "AWSAccountId": ACCOUNT, "KeyId": id(1), "Arn": format!("{}:key/{}", scope(), id(1)), "Enabled": false,
        "KeyState": "PendingDeletion", "DeletionDate": format!("{day}T10:00:00+00:00"), "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "Origin": "AWS_KMS", "MultiRegion": false,
        "CreationDate": "2023-04-13T10:00:00+00:00"
    }});
    let aliases = json!({"Aliases": [{"AliasName": "alias/a", "TargetKeyId": id(1),
        "AliasArn": format!("{}:alias/a", scope())}]});
    format!("{key}\n{aliases}")
}

fn warnings(plan: &Plan, day: &str) -> Vec<String> {
    let (read, judgement) = judged(&plan.json(), Some(&account(day)), None);
    let advice = read.advice_on(&judgement);
    let outdated = advice.filter(|advice| advice.rule.number() == "F10");
    outdated.map(|advice| advice.to_string()).collect()
}

#[test]
fn a_key_whose_deletion_was_due_before_the_run_may_be_gone_s5() {
    let create = |name: &str, key: u32| {
        let after = json!({"name": name, "target_key_id": id(key)});
        Plan::new().create("aws_kms_alias.new", after, json!({}))
    };
    // It is the target, or the alias stands on it.
    for plan in [create("alias/b", 1), create("alias/a", 2)] {
        let told = warnings(&plan, "2026-10-31");
        let words = format!(
            "aws_kms_alias.new: by the account files key {} was to be deleted on 2026-10-31, before this run: it may be \
             gone, and its aliases with it (rule S5); print the account files again (rule F10)",
            id(1)
        );
        assert_eq!(told, [words]);
        assert!(warnings(&plan, "2026-11-20").is_empty());
    }
    assert!(warnings(&create("alias/b", 2), "2026-10-31").is_empty());
}
