//! Properties of other resources that change from a key to an alias of it (rule F1).

use super::*;

/// What is said of a database whose `KmsKeyId` changes, beside a key and an alias of it.
fn said(before: Value, after: Value) -> Vec<String> {
    let of = |key_id: Value| {
        template(json!({
            "Key": key(json!({})),
            "Other": key(json!({})),
            "Alias": alias(json!("alias/app"), json!({"Ref": "Key"})),
            "Database": {"Type": "AWS::RDS::DBInstance", "Properties": {"KmsKeyId": key_id}}
        }))
    };
    let (read, _) = judged(&of(after).to_string(), None, Some(&of(before).to_string()));
    read.advice.iter().map(ToString::to_string).collect()
}

#[test]
fn an_alias_in_place_of_its_key_changes_a_resource_for_nothing_f1() {
    let of_key = json!({"Fn::GetAtt": ["Key", "Arn"]});
    let arn = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/app";
    for after in [
        json!({"Ref": "Alias"}),
        json!("alias/app"),
        json!("arn:aws:kms:eu-west-3:210987654321:alias/app"),
        json!({"Fn::Sub": arn}),
    ] {
        assert_eq!(
            said(of_key.clone(), after),
            [
                "Database: `KmsKeyId` changes from key Key to alias/app, which names the same key: the change updates \
                 or replaces the resource and changes nothing else; keep what the running template has (rule F1)"
            ]
        );
    }
    // Another key, a key that stays, and an alias from the first.
    let of_other = json!({"Fn::GetAtt": ["Other", "Arn"]});
    for (before, after) in [
        (of_other.clone(), json!({"Ref": "Alias"})),
        (of_key.clone(), of_other),
        (of_key, json!({"Ref": "Key"})),
        (json!({"Ref": "Alias"}), json!("alias/app")),
        (json!({"Ref": "AWS::NoValue"}), json!("alias/app")),
    ] {
        assert_eq!(said(before, after), [""; 0]);
    }
    let literal =
        json!("arn:aws:kms:eu-west-3:210987654321:key/1234abcd-12ab-34cd-56ef-1234567890ab");
    let unknown = said(literal, json!("alias/elsewhere"));
    assert!(
        unknown[0].contains("which may name the same key"),
        "{unknown:?}"
    );
}

#[test]
fn a_property_of_a_property_is_told_by_its_path_f1() {
    let of = |key_id: Value| {
        let rule = json!({"ServerSideEncryptionByDefault": {"KMSMasterKeyID": key_id}});
        template(json!({
            "Key": key(json!({})),
            "Alias": alias(json!("alias/app"), json!({"Ref": "Key"})),
            "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {
                "BucketEncryption": {"ServerSideEncryptionConfiguration": [rule]}
            }}
        }))
    };
    let (old, new) = (of(json!({"Ref": "Key"})), of(json!({"Ref": "Alias"})));
    let (read, _) = judged(&new.to_string(), None, Some(&old.to_string()));
    let path = "`BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID`";
    assert!(read.advice[0].words.starts_with(path), "{:?}", read.advice);
}
