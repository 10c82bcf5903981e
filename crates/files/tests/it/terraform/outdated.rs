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
    // It is the target, or the alias names it.
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

/// The outcome of the step of an address: what may come out, and what it depends on.
fn outcome(plan: &Plan, day: &str, address: &str) -> String {
    let (read, judgement) = judged(&plan.json(), Some(&account(day)), None);
    let is_it = |step: &RunStep| step.address.as_deref() == Some(address);
    let step = read.run.steps.iter().position(is_it).expect("a step");
    shown(&judgement.outcomes[step])
}

fn shown(outcome: &Outcome) -> String {
    let rules = |could_be: &[Possible]| {
        let rules = could_be.iter().map(|possible| match possible {
            Possible::Ok => "ok".to_owned(),
            Possible::Refused(answer) => answer.rule.to_string(),
        });
        rules.collect::<Vec<_>>().join(" ")
    };
    match outcome {
        Outcome::Ok => "ok".to_owned(),
        Outcome::Refused { could_be } => {
            let rules = could_be.iter().map(|answer| answer.rule.to_string());
            format!("refused: {}", rules.collect::<Vec<_>>().join(" "))
        }
        Outcome::Undecided {
            needs, could_be, ..
        } => {
            let needs: Vec<_> = needs.iter().map(ToString::to_string).collect();
            format!("{}: {}", rules(could_be), needs.join(", "))
        }
    }
}

/// The account file says that the alias stands; by now it is gone if its key is.
#[test]
fn an_alias_of_a_key_whose_deletion_was_due_may_be_gone_with_it_s5_a6_u1() {
    let existence = format!("the existence of key {}", id(1));
    let targets = json!({"target_key_id": refers(&["aws_kms_key.k.key_id", "aws_kms_key.k"])});
    let create = Plan::new()
        .key("aws_kms_key.k")
        .resource("aws_kms_key.k", json!({}))
        .alias_of_unknown("aws_kms_alias.a", "alias/a")
        .resource("aws_kms_alias.a", targets);
    let of_a = |plan: &Plan, day: &str| outcome(plan, day, "aws_kms_alias.a");
    assert_eq!(of_a(&create, "2026-10-31"), format!("ok A6: {existence}"));
    assert_eq!(of_a(&create, "2026-11-20"), "refused: A6");

    let delete = Plan::new().delete("aws_kms_alias.a", alias("alias/a", 1));
    assert_eq!(of_a(&delete, "2026-10-31"), format!("ok U1: {existence}"));
    assert_eq!(of_a(&delete, "2026-11-20"), "ok");

    // Whether it is there or gone, no alias is put on it.
    let after = json!({"name": "alias/b", "target_key_id": id(1)});
    let create = Plan::new().create("aws_kms_alias.a", after, json!({}));
    assert_eq!(of_a(&create, "2026-10-31"), "refused: T1 T5");
}
