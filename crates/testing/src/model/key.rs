//! Keys of the model: which there can be (rules K2, M, S1–S4).

pub const STATES: [&str; 8] = [
    "Creating",
    "Enabled",
    "Disabled",
    "PendingDeletion",
    "PendingImport",
    "PendingReplicaDeletion",
    "Unavailable",
    "Updating",
];
pub const ORIGINS: [&str; 4] = ["AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE"];
pub const MANAGERS: [&str; 2] = ["CUSTOMER", "AWS"];
pub const USAGES: [&str; 5] = [
    "ENCRYPT_DECRYPT",
    "SIGN_VERIFY",
    "GENERATE_VERIFY_MAC",
    "KEY_AGREEMENT",
    "ENCAPSULATE_DECAPSULATE",
];

/// Rule M: specs, the type of each, and the usages that it can have.
pub const SPECS: [(&str, &str, &[&str]); 20] = [
    ("SYMMETRIC_DEFAULT", "symmetric", &["ENCRYPT_DECRYPT"]),
    ("HMAC_224", "hmac", &["GENERATE_VERIFY_MAC"]),
    ("HMAC_256", "hmac", &["GENERATE_VERIFY_MAC"]),
    ("HMAC_384", "hmac", &["GENERATE_VERIFY_MAC"]),
    ("HMAC_512", "hmac", &["GENERATE_VERIFY_MAC"]),
    (
        "RSA_2048",
        "asymmetric",
        &["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
    ),
    (
        "RSA_3072",
        "asymmetric",
        &["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
    ),
    (
        "RSA_4096",
        "asymmetric",
        &["ENCRYPT_DECRYPT", "SIGN_VERIFY"],
    ),
    (
        "ECC_NIST_P256",
        "asymmetric",
        &["SIGN_VERIFY", "KEY_AGREEMENT"],
    ),
    (
        "ECC_NIST_P384",
        "asymmetric",
        &["SIGN_VERIFY", "KEY_AGREEMENT"],
    ),
    (
        "ECC_NIST_P521",
        "asymmetric",
        &["SIGN_VERIFY", "KEY_AGREEMENT"],
    ),
    ("ECC_NIST_EDWARDS25519", "asymmetric", &["SIGN_VERIFY"]),
    ("ECC_SECG_P256K1", "asymmetric", &["SIGN_VERIFY"]),
    ("ML_DSA_44", "asymmetric", &["SIGN_VERIFY"]),
    ("ML_DSA_65", "asymmetric", &["SIGN_VERIFY"]),
    ("ML_DSA_87", "asymmetric", &["SIGN_VERIFY"]),
    ("ML_KEM_512", "asymmetric", &["ENCAPSULATE_DECAPSULATE"]),
    ("ML_KEM_768", "asymmetric", &["ENCAPSULATE_DECAPSULATE"]),
    ("ML_KEM_1024", "asymmetric", &["ENCAPSULATE_DECAPSULATE"]),
    (
        "SM2",
        "asymmetric",
        &["ENCRYPT_DECRYPT", "SIGN_VERIFY", "KEY_AGREEMENT"],
    ),
];

/// What a key is among its related keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Single,
    Primary(u32),
    Replica,
}

/// A key, with what some states carry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub spec: &'static str,
    pub usage: &'static str,
    pub origin: &'static str,
    pub manager: &'static str,
    pub role: Role,
    pub state: &'static str,
    /// Of an unavailable key.
    pub returns_to: Option<&'static str>,
    /// Of a key pending replica deletion, in days.
    pub waits: Option<i64>,
    /// Of a key pending deletion, in milliseconds.
    pub due: Option<i64>,
    /// Of a key pending deletion: its key material was not there when that began.
    pub awaits_import: bool,
}

impl Key {
    /// The same key after another: one that had no key material has none while it is pending deletion.
    pub fn awaiting_import_as(self, before: &Self) -> Self {
        let is_dying = self.state.starts_with("Pending") && self.state != "PendingImport";
        let awaits_import = before.awaits_import || before.state == "PendingImport";
        Self {
            awaits_import: is_dying && awaits_import,
            ..self
        }
    }

    /// A customer's enabled key for encryption, of one Region or a primary without replicas.
    pub fn plain(key_id: &str) -> Self {
        Self {
            spec: "SYMMETRIC_DEFAULT",
            usage: "ENCRYPT_DECRYPT",
            origin: "AWS_KMS",
            manager: "CUSTOMER",
            role: if is_multi_region(key_id) {
                Role::Primary(0)
            } else {
                Role::Single
            },
            state: "Enabled",
            returns_to: None,
            waits: None,
            due: None,
            awaits_import: false,
        }
    }

    /// The same key in a state of which no more is known.
    pub fn in_state(&self, state: &'static str) -> Self {
        Self {
            state,
            returns_to: (state == "Unavailable").then_some("Enabled"),
            waits: (state == "PendingReplicaDeletion").then_some(30),
            due: None,
            awaits_import: false,
            ..self.clone()
        }
    }

    pub fn key_type(&self) -> &'static str {
        row(self.spec).1
    }

    pub fn is_in_custom_key_store(&self) -> bool {
        self.origin == "AWS_CLOUDHSM" || self.origin == "EXTERNAL_KEY_STORE"
    }

    /// The rules that say that there is no such key.
    pub fn broken_rules(&self, key_id: &str, partition: &str) -> Vec<&'static str> {
        let multi_region = is_multi_region(key_id);
        let in_store = self.is_in_custom_key_store();
        let of_replicas = matches!(self.role, Role::Primary(count) if count > 0);
        let replicated = ["Creating", "Updating", "PendingReplicaDeletion"];
        let faults = [
            ("M", !row(self.spec).2.contains(&self.usage)),
            ("M", self.spec == "SM2" && partition != "aws-cn"),
            ("M", in_store && self.spec != "SYMMETRIC_DEFAULT"),
            ("M", in_store && multi_region),
            ("K2", (self.role == Role::Single) == multi_region),
            (
                "S1",
                self.state == "PendingImport" && self.origin != "EXTERNAL",
            ),
            ("S2", self.state == "Unavailable" && !in_store),
            ("S3", replicated.contains(&self.state) && !multi_region),
            ("S4", self.state == "PendingReplicaDeletion" && !of_replicas),
        ];
        let broken = faults.iter().filter(|(_, broken)| *broken);
        broken.map(|(rule, _)| *rule).collect()
    }
}

fn row(spec: &str) -> (&'static str, &'static str, &'static [&'static str]) {
    let row = SPECS.iter().find(|(name, ..)| *name == spec);
    *row.expect("a key spec")
}

pub fn is_multi_region(key_id: &str) -> bool {
    key_id.starts_with("mrk-")
}

/// Every key under an ID, possible or not, over every spec, usage, origin, manager, state and
/// the roles given.
pub fn every_key(key_id: &str, roles: &[Role]) -> Vec<Key> {
    let mut keys = Vec::new();
    for (spec, _, _) in SPECS {
        for usage in USAGES {
            for origin in ORIGINS {
                for manager in MANAGERS {
                    for role in roles {
                        let key = Key {
                            spec,
                            usage,
                            origin,
                            manager,
                            role: *role,
                            ..Key::plain(key_id)
                        };
                        keys.extend(STATES.map(|state| key.in_state(state)));
                    }
                }
            }
        }
    }
    keys
}
