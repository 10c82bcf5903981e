//! Replicas of multi-Region keys in templates.

use super::*;
use kms_alias_foresee::verdict::Outcome;

const PRIMARY: &str = "mrk-1234abcd12ab34cd56ef1234567890ab";
const SCOPE: &str = "arn:aws:kms:eu-west-3:111122223333";

fn primary_arn() -> String {
    format!("arn:aws:kms:us-east-1:111122223333:key/{PRIMARY}")
}

/// A template that makes a replica of a key that stands in another Region, and an alias.
fn new(target: Value, depends_on: &[&str]) -> Value {
    let mut named = alias(json!("alias/a"), target);
    named["DependsOn"] = json!(depends_on);
    template(json!({
        "A": named,
        "R": {"Type": "AWS::KMS::ReplicaKey", "Properties": {"PrimaryKeyArn": primary_arn(), "KeyPolicy": {}}}
    }))
}

/// The primary key, and the whole list of the keys of the replica's Region, which is another key.
fn account() -> String {
    let other = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let keys = json!({"Keys": [{"KeyId": other, "KeyArn": format!("{SCOPE}:key/{other}")}], "Truncated": false});
    let primary = json!({"KeyMetadata": {"AWSAccountId": "111122223333", "KeyId": PRIMARY, "Arn": primary_arn(),
        "Enabled": true, "KeyState": "Enabled", "KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT",
        "Origin": "AWS_KMS", "KeyManager": "CUSTOMER", "MultiRegion": true, "CreationDate": "2023-04-13T10:00:00+00:00",
        "MultiRegionConfiguration": {"MultiRegionKeyType": "PRIMARY", "ReplicaKeys": [],
            "PrimaryKey": {"Arn": primary_arn(), "Region": "us-east-1"}}}});
    format!("{keys}\n{primary}")
}

#[track_caller]
fn gets(template: &Value, account: &str, expected: &str) {
    let mut options = Options::default();
    options.region = Some("eu-west-3".parse().expect("a Region"));
    let file = |name, bytes| File { name, bytes };
    let files = [file("account", account.as_bytes())];
    let accounts = kms_alias_files::read_account(&files, options).expect("an account");
    let template = template.to_string();
    let input = RunInput::new(file("template", template.as_bytes()), NOW);
    let judged = kms_alias_files::judge_run(&input, accounts).expect("a template");
    let told = tell(&judged.read, &judged.judgement);
    assert_eq!(told.steps, [expected], "{template}");
}

#[test]
fn the_id_of_a_replica_that_is_made_is_found_once_it_is_made_t1() {
    let arn = format!("{SCOPE}:key/{PRIMARY}");
    for target in [PRIMARY, &arn] {
        let target = || json!(target);
        gets(&new(target(), &["R"]), &account(), "A CreateAlias ok");
        gets(&new(target(), &[]), &account(), "A CreateAlias undecided");
    }
    for target in [json!({"Ref": "R"}), json!({"Fn::GetAtt": ["R", "Arn"]})] {
        gets(&new(target, &[]), &account(), "A CreateAlias ok");
    }
}

#[test]
fn a_primary_key_of_which_only_the_arn_is_known_is_taken_as_one_that_can_have_replicas_h6() {
    let reads = |primary: Value| {
        let mut template = new(json!({"Ref": "R"}), &[]);
        template["Parameters"] = json!({"Primary": {"Type": "String"}});
        template["Resources"]["R"]["Properties"]["PrimaryKeyArn"] = primary;
        template.to_string()
    };
    for primary in [json!(primary_arn()), json!({"Ref": "Primary"})] {
        let template = reads(primary);
        let file = File {
            name: "template",
            bytes: template.as_bytes(),
        };
        let input = RunInput::new(file, NOW);
        for region in [None, Some("eu-west-3")] {
            let mut options = Options::default();
            options.region = region.map(|region| region.parse().expect("a Region"));
            let accounts = kms_alias_files::Accounts::unknown(options);
            let judged = kms_alias_files::judge_run(&input, accounts).expect("a template");
            let told = tell(&judged.read, &judged.judgement);
            let (steps, assumed) = match template.contains("{\"Ref\":\"Primary\"}") {
                false => (vec!["A CreateAlias ok"], 1),
                // It may be any key, or none.
                true => {
                    let undecided = ["A CreateAlias undecided", "R ReplicateKey undecided"];
                    (undecided.to_vec(), 0)
                }
            };
            assert_eq!(told.steps, steps, "{template}");
            assert_eq!(judged.read.assumed_replicable.len(), assumed);
        }
    }
}

#[test]
fn the_arn_of_the_primary_is_of_another_region_t2() {
    for depends_on in [&["R"][..], &[]] {
        let template = new(json!(primary_arn()), depends_on);
        let refused = "A CreateAlias refused NotFoundException";
        gets(&template, &account(), refused);
    }
}

/// An ARN that is made of the ID of a replica, or of a new key, names none of another Region.
#[test]
fn an_arn_that_is_made_of_an_id_is_of_the_region_that_it_says_t2() {
    let of = |arn: &str| json!({"Fn::Sub": arn});
    let own = of("arn:aws:kms:eu-west-3:111122223333:key/${R}");
    gets(&new(own, &[]), &account(), "A CreateAlias ok");
    for other in [
        "arn:aws:kms:us-east-1:111122223333:key/${R}",
        "arn:${AWS::Partition}:kms:us-east-1:${AWS::AccountId}:key/${R}",
        "arn:aws:kms:${AWS::Region}:444455556666:key/${R}",
    ] {
        let refused = "A CreateAlias refused NotFoundException";
        gets(&new(of(other), &[]), &account(), refused);
    }
}

/// A key that is made in the Region of the stack has no replica there, and is none of another Region.
#[test]
fn a_key_that_is_made_has_no_replica_in_its_own_stack_m() {
    for region in ["us-east-1", "eu-west-3", "${AWS::Region}"] {
        let mut of = template(json!({"K": key(json!({"MultiRegion": true}))}));
        let arn = format!("arn:aws:kms:{region}:${{AWS::AccountId}}:key/${{K}}");
        of["Resources"]["R"] = json!({"Type": "AWS::KMS::ReplicaKey", "Properties": {"PrimaryKeyArn": {"Fn::Sub": arn}}});
        gets(
            &of,
            &account(),
            "R ReplicateKey refused ValidationException",
        );
    }
}

#[test]
fn what_has_more_in_it_than_a_key_is_no_primary_key_k3() {
    for no_key in [
        "${K.Arn}/x",
        "x${K.Arn}",
        "arn:aws:kms:us-east-1:${AWS::AccountId}:key/${K.Arn}",
    ] {
        let mut of = template(json!({"K": key(json!({"MultiRegion": true}))}));
        of["Resources"]["R"] = json!({"Type": "AWS::KMS::ReplicaKey", "Properties": {"PrimaryKeyArn": {"Fn::Sub": no_key}}});
        gets(&of, &account(), "R ReplicateKey refused NotFoundException");
    }
}

/// The Region of a primary key is known where the account is not.
#[test]
fn a_primary_key_of_the_own_account_has_no_replica_in_its_own_region_m() {
    for (region, expected) in [
        (
            "us-east-1",
            vec![
                "A CreateAlias ok",
                "R ReplicateKey refused ValidationException",
            ],
        ),
        ("eu-west-3", vec!["A CreateAlias ok"]),
    ] {
        let arn =
            format!("arn:${{AWS::Partition}}:kms:us-east-1:${{AWS::AccountId}}:key/{PRIMARY}");
        let mut of = new(json!({"Ref": "R"}), &[]);
        of["Resources"]["R"]["Properties"]["PrimaryKeyArn"] = json!({"Fn::Sub": arn});
        let text = of.to_string();
        let file = File {
            name: "template",
            bytes: text.as_bytes(),
        };
        let mut options = Options::default();
        options.region = Some(region.parse().expect("a Region"));
        let accounts = kms_alias_files::Accounts::unknown(options);
        let judged = kms_alias_files::judge_run(&RunInput::new(file, NOW), accounts);
        let judged = judged.expect("a template");
        assert_eq!(tell(&judged.read, &judged.judgement).steps, expected);
    }
}

/// The primary key is asked for in the account of the stack, where no key has the ID of one of another account.
#[test]
fn a_primary_key_of_another_account_is_not_found_t1() {
    let mut of = new(json!({"Ref": "R"}), &[]);
    let arn = format!("arn:aws:kms:us-east-1:444455556666:key/{PRIMARY}");
    of["Resources"]["R"]["Properties"]["PrimaryKeyArn"] = json!(arn);
    let text = of.to_string();
    let file = File {
        name: "template",
        bytes: text.as_bytes(),
    };
    let mut options = Options::default();
    options.region = Some("eu-west-3".parse().expect("a Region"));
    options.account = Some("111122223333".parse().expect("an account"));
    let accounts = kms_alias_files::Accounts::unknown(options);
    let judged = kms_alias_files::judge_run(&RunInput::new(file, NOW), accounts);
    let judged = judged.expect("a template");
    let refused = [
        "A CreateAlias refused NotFoundException",
        "R ReplicateKey refused NotFoundException",
    ];
    assert_eq!(tell(&judged.read, &judged.judgement).steps, refused);
    let told: Vec<_> = judged.judgement.outcomes.iter().collect();
    let words = format!("Key '{arn}' does not exist");
    let is_told = |outcome: &&Outcome| matches!(outcome, Outcome::Refused { could_be } if *could_be[0].message == words);
    assert!(
        told.into_iter().any(|it| is_told(&it)),
        "{:?}",
        judged.judgement
    );
}

/// An ARN of another account is none of a key that has the same ID in this one.
#[test]
fn a_primary_key_of_another_account_is_not_the_one_that_has_its_id_here_t1() {
    let of = |account: &str| {
        let mut of = new(json!({"Ref": "R"}), &[]);
        let arn = format!("arn:aws:kms:us-east-1:{account}:key/{PRIMARY}");
        of["Resources"]["R"]["Properties"]["PrimaryKeyArn"] = json!(arn);
        let text = of.to_string();
        let held = self::account();
        let file = |name, bytes| File { name, bytes };
        let mut options = Options::default();
        options.region = Some("eu-west-3".parse().expect("a Region"));
        let files = [file("account", held.as_bytes())];
        let accounts = kms_alias_files::read_account(&files, options).expect("an account");
        let input = RunInput::new(file("template", text.as_bytes()), NOW);
        let judged = kms_alias_files::judge_run(&input, accounts).expect("a template");
        tell(&judged.read, &judged.judgement).steps.join(", ")
    };
    assert_eq!(of("111122223333"), "A CreateAlias ok");
    assert_eq!(
        of("444455556666"),
        "A CreateAlias refused NotFoundException, R ReplicateKey refused NotFoundException"
    );
}

/// There the ID is that of the primary key, whether or not a replica of it is asked for.
#[test]
fn in_the_region_of_its_primary_key_a_replica_is_refused_and_the_primary_key_is_found_m() {
    let mut of = new(json!({"Ref": "R"}), &[]);
    of["Resources"]["Named"] = alias(json!("alias/named"), json!(primary_arn()));
    let text = of.to_string();
    let file = File {
        name: "template",
        bytes: text.as_bytes(),
    };
    let mut options = Options::default();
    options.region = Some("us-east-1".parse().expect("a Region"));
    options.account = Some("111122223333".parse().expect("an account"));
    let accounts = kms_alias_files::Accounts::unknown(options);
    let judged = kms_alias_files::judge_run(&RunInput::new(file, NOW), accounts);
    let judged = judged.expect("a template");
    let told = tell(&judged.read, &judged.judgement);
    let refused: Vec<_> = told
        .steps
        .iter()
        .filter(|it| it.contains("refused"))
        .collect();
    assert_eq!(refused.len(), 1, "{told:?}");
    assert!(refused[0].starts_with("R ReplicateKey refused"), "{told:?}");
}

#[test]
fn a_replica_has_the_key_spec_and_usage_of_its_primary_u3_u4() {
    let described = |number: &str, spec: &str, usage: &str, arn: &str| {
        let replicas = json!({"MultiRegionKeyType": "PRIMARY", "ReplicaKeys": [],
            "PrimaryKey": {"Arn": arn, "Region": "us-east-1"}});
        let mut key = json!({"AWSAccountId": "111122223333", "KeyId": number, "Arn": arn, "Enabled": true,
            "KeyState": "Enabled", "KeySpec": spec, "KeyUsage": usage, "Origin": "AWS_KMS", "KeyManager": "CUSTOMER",
            "MultiRegion": number.starts_with("mrk-"), "CreationDate": "2023-04-13T10:00:00+00:00"});
        if number.starts_with("mrk-") {
            key["MultiRegionConfiguration"] = replicas;
        }
        json!({"KeyMetadata": key}).to_string()
    };
    let old_key = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let old = template(json!({"A": alias(json!("alias/a"), json!(old_key))}));
    for (spec, usage, expected) in [
        ("SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", "A UpdateAlias ok"),
        (
            "HMAC_256",
            "GENERATE_VERIFY_MAC",
            "A UpdateAlias refused ValidationException",
        ),
        (
            "RSA_2048",
            "SIGN_VERIFY",
            "A UpdateAlias refused ValidationException",
        ),
    ] {
        let account = [
            described(PRIMARY, spec, usage, &primary_arn()),
            described(
                old_key,
                "SYMMETRIC_DEFAULT",
                "ENCRYPT_DECRYPT",
                &format!("{SCOPE}:key/{old_key}"),
            ),
        ];
        let mut options = Options::default();
        options.region = Some("eu-west-3".parse().expect("a Region"));
        let account = account.join("\n");
        let files = [File {
            name: "account",
            bytes: account.as_bytes(),
        }];
        let mut accounts = kms_alias_files::read_account(&files, options).expect("an account");
        let (new, old) = (new(json!({"Ref": "R"}), &[]).to_string(), old.to_string());
        let mut input = RunInput::new(
            File {
                name: "new",
                bytes: new.as_bytes(),
            },
            NOW,
        );
        input.deployed = Some(File {
            name: "old",
            bytes: old.as_bytes(),
        });
        let read = read_run(&input, &mut accounts).expect("a template");
        let judgement = judge(&read.run, accounts.into_knowledge());
        assert_eq!(tell(&read, &judgement).steps, [expected], "{spec}");
    }
}

#[test]
fn a_replica_in_the_region_of_its_primary_key_is_refused_m() {
    let template = template(json!({
        "K": {"Type": "AWS::KMS::Key", "Properties": {"MultiRegion": true}},
        "R": {"Type": "AWS::KMS::ReplicaKey", "Properties": {"PrimaryKeyArn": {"Fn::GetAtt": ["K", "Arn"]}}}
    }));
    gets(
        &template,
        &account(),
        "R ReplicateKey refused ValidationException",
    );
}

#[test]
fn a_key_that_there_cannot_be_is_refused_m_k7() {
    let made = |properties: Value| {
        let template = template(json!({
            "K": {"Type": "AWS::KMS::Key", "Properties": properties},
            "A": alias(json!("alias/a"), json!({"Ref": "K"}))
        }));
        told(&template.to_string(), None, None).steps
    };
    let refused = [
        "A CreateAlias refused NotFoundException",
        "K CreateKey refused ValidationException",
    ];
    for properties in [
        json!({"KeySpec": "FOO"}),
        json!({"KeyUsage": "FOO"}),
        json!({"KeySpec": "HMAC_256"}),
        json!({"KeySpec": "ECC_NIST_P256", "KeyUsage": "ENCRYPT_DECRYPT"}),
        json!({"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "SIGN_VERIFY"}),
    ] {
        assert_eq!(made(properties.clone()), refused, "{properties}");
    }
    for properties in [
        json!({}),
        json!({"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"}),
        json!({"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC", "MultiRegion": true}),
    ] {
        assert_eq!(
            made(properties.clone()),
            ["A CreateAlias ok"],
            "{properties}"
        );
    }
    let undecided = ["A CreateAlias undecided", "K CreateKey undecided"];
    assert_eq!(
        made(json!({"KeySpec": {"Fn::ImportValue": "spec"}})),
        undecided
    );
}
