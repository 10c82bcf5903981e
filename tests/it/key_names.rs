//! The closed lists of names: specs, usages, types, states, origins, managers and operations.

use std::fmt::{Debug, Display};
use std::str::FromStr;

use kms_alias::{
    KeyManager, KeySpec, KeyState, KeyType, KeyUsage, KmsOperation, Origin, ReturnsTo, UnknownName,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// A closed list of names: each is read as it is written, and nothing else is.
#[track_caller]
fn names<T>(what: &str, all: &[T], wanted: &str)
where
    T: FromStr<Err = UnknownName> + for<'a> TryFrom<&'a str, Error = UnknownName>,
    T: AsRef<str> + Display + Debug + Copy + PartialEq + Serialize + DeserializeOwned,
{
    let found: Vec<_> = all.iter().map(AsRef::as_ref).collect();
    // A plus stands for the space in a name.
    let wanted: Vec<_> = wanted
        .split(' ')
        .map(|name| name.replace('+', " "))
        .collect();
    assert_eq!(found, wanted);
    for value in all {
        let name = value.to_string();
        assert_eq!(name.parse::<T>().as_ref(), Ok(value));
        assert_eq!(T::try_from(name.as_str()).as_ref(), Ok(value));
        assert_eq!(serde_json::to_value(value).unwrap(), json!(name));
        assert_eq!(serde_json::from_value::<T>(json!(name)).ok(), Some(*value));
        let (upper, lower) = (name.to_uppercase(), name.to_lowercase());
        for near in [
            &upper,
            &lower,
            &format!("{name} "),
            &format!(" {name}"),
            &name[1..].to_owned(),
        ] {
            unknown::<T>(what, near, &found);
        }
    }
    for name in ["", "UNHEARD_OF", "Ünheard"] {
        unknown::<T>(what, name, &found);
    }
    let error = serde_json::from_value::<T>(json!(5)).unwrap_err();
    let words = "invalid type: integer `5`, expected a string";
    assert_eq!(error.to_string(), words);
}

/// An unknown name is named by the error, from text and from a file.
#[track_caller]
fn unknown<T: FromStr<Err = UnknownName> + Debug + DeserializeOwned>(
    what: &str,
    name: &str,
    known: &[&str],
) {
    if known.contains(&name) {
        return;
    }
    let error = name.parse::<T>().unwrap_err();
    assert_eq!(
        (error.name(), error.to_string()),
        (
            name,
            format!("unknown {what} `{name}`: known are {}", known.join(", "))
        )
    );
    let read = serde_json::from_value::<T>(json!(name)).unwrap_err();
    assert!(read.to_string().contains(&error.to_string()), "{read}");
}

#[test]
fn specs_usages_and_types_are_named_m() {
    let specs = "SYMMETRIC_DEFAULT HMAC_224 HMAC_256 HMAC_384 HMAC_512 RSA_2048 RSA_3072 RSA_4096 \
                 ECC_NIST_P256 ECC_NIST_P384 ECC_NIST_P521 ECC_NIST_EDWARDS25519 ECC_SECG_P256K1 \
                 ML_DSA_44 ML_DSA_65 ML_DSA_87 ML_KEM_512 ML_KEM_768 ML_KEM_1024 SM2";
    names("key spec", KeySpec::ALL, specs);
    let usages = "ENCRYPT_DECRYPT SIGN_VERIFY GENERATE_VERIFY_MAC KEY_AGREEMENT \
                  ENCAPSULATE_DECAPSULATE";
    names("key usage", KeyUsage::ALL, usages);
    names(
        "key type",
        KeyType::ALL,
        "symmetric+encryption asymmetric HMAC",
    );
}

#[test]
fn states_origins_and_managers_are_named_m_s1_s2_s3() {
    let states = "Creating Enabled Disabled PendingDeletion PendingImport PendingReplicaDeletion \
                  Unavailable Updating";
    names("key state", KeyState::ALL, states);
    names(
        "key origin",
        Origin::ALL,
        "AWS_KMS EXTERNAL AWS_CLOUDHSM EXTERNAL_KEY_STORE",
    );
    names("key manager", KeyManager::ALL, "AWS CUSTOMER");
    names("state to return to", ReturnsTo::ALL, "Enabled Disabled");
}

#[test]
fn operations_are_named_s8() {
    let known: Vec<_> = KmsOperation::ALL
        .iter()
        .map(|operation| operation.as_str())
        .collect();
    assert!(known.is_sorted());
    names("operation", KmsOperation::ALL, &known.join(" "));
}
