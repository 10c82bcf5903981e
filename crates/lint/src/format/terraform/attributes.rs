//! The attributes of resources and data sources that are an alias or the ARN of a key.

/// The attributes that hold an alias, of resources and data sources that are one.
pub(super) const ALIAS_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("aws_kms_alias", &["arn", "id", "name"]),
    ("awscc_kms_alias", &["alias_name", "id"]),
];

/// The attributes that hold the ARN of a key.
pub(super) const KEY_ARN_ATTRIBUTES: &[(&str, &[&str])] = &[
    ("aws_kms_key", &["arn"]),
    ("aws_kms_external_key", &["arn"]),
    ("aws_kms_replica_key", &["arn"]),
    ("aws_kms_replica_external_key", &["arn"]),
    ("aws_kms_alias", &["target_key_arn"]),
    ("awscc_kms_key", &["arn"]),
    ("awscc_kms_replica_key", &["arn"]),
];

/// Whether a reference is to one of these attributes, of a resource or a data source.
pub(super) fn is_one_of(of_types: &[(&str, &[&str])], parts: &[&str]) -> bool {
    let parts = match parts {
        ["data", rest @ ..] => rest,
        all => all,
    };
    let [kind, _name, rest @ ..] = parts else {
        return false;
    };
    let attribute = match rest {
        [attribute] => attribute,
        [index, attribute] if index.starts_with('[') && *index != "[*]" => attribute,
        _ => return false,
    };
    let mut of_types = of_types.iter();
    of_types.any(|(own, attributes)| own == kind && attributes.contains(attribute))
}
