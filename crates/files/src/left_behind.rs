//! What a move breaks for data that was made under the key before it (rule F3).

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use kms_alias::model::KeyStateCell;
use kms_alias::{KeySpec, KeyState, KeyType, KeyUsage, KmsOperation};
use kms_alias_foresee::verdict::{Fact, KeyFacts, Request, Run};

/// A use of data that names the key under which it was made.
struct Use {
    usage: KeyUsage,
    operation: KmsOperation,
    words: &'static str,
    /// The answer of a key that could have made it, and has not.
    wrong_key: &'static str,
}

const USES: [Use; 3] = [
    Use {
        usage: KeyUsage::EncryptDecrypt,
        operation: KmsOperation::Decrypt,
        words: "Decrypt with this alias as `KeyId`",
        wrong_key: "IncorrectKeyException",
    },
    Use {
        usage: KeyUsage::SignVerify,
        operation: KmsOperation::Verify,
        words: "Verify through the alias",
        wrong_key: "KMSInvalidSignatureException",
    },
    Use {
        usage: KeyUsage::GenerateVerifyMac,
        operation: KmsOperation::VerifyMac,
        words: "VerifyMac through the alias",
        wrong_key: "KMSInvalidMacException",
    },
];

/// A key of another usage, or one that does not have the algorithm.
const OTHER_USE: &str = "InvalidKeyUsageException";

/// What fails once an alias leads from a key to another; none if nothing does. An update takes both keys as of one usage
/// (rule U4).
pub(crate) fn fails(old: &KeyFacts, new: &KeyFacts, is_update: bool) -> Option<String> {
    let usage_before = old.usage.or(new.usage.filter(|_| is_update));
    let usage_after = new.usage.or(usage_before.filter(|_| is_update));
    let mut new = *new;
    new.usage = usage_after;
    let uses = USES
        .iter()
        .filter(|it| usage_before.is_none_or(|usage| it.usage == usage));
    let each = uses.map(|it| format!("{} fails with {}", it.words, it.exception(old, &new)));
    let each: Vec<_> = each.collect();
    if each.is_empty() {
        return None;
    }
    let is_symmetric = |spec: KeySpec| spec.key_type() == KeyType::SymmetricEncryption;
    let besides = match (usage_before, old.spec.map(is_symmetric)) {
        (Some(KeyUsage::EncryptDecrypt), Some(true)) => "; without `KeyId` it works",
        (Some(KeyUsage::EncryptDecrypt), Some(false)) => {
            ", and an asymmetric Decrypt has to name a key"
        }
        _ => "",
    };
    Some(format!("{}{besides}", each.join(", ")))
}

impl Use {
    /// How KMS answers it on the new key: it looks at the usage, then at the state, then at the algorithm (measured).
    fn exception(&self, old: &KeyFacts, new: &KeyFacts) -> String {
        match new.usage {
            None => {
                return format!(
                    "{}, or {OTHER_USE} if the new key has another usage",
                    self.wrong_key
                );
            }
            Some(usage) if usage != self.usage => return OTHER_USE.into(),
            Some(_) => {}
        }
        let disabled = new.enabled == Some(false);
        let state = new.state.or(disabled.then_some(KeyState::Disabled));
        let by_state = state.and_then(|state| match self.operation.in_state(state) {
            KeyStateCell::Fails(note)
            | KeyStateCell::FailsUnlessStays(note)
            | KeyStateCell::FailsEither(_, note) => Some(note.exception()),
            _ => None,
        });
        if let Some(exception) = by_state {
            return exception.into();
        }
        let algorithms = |spec: KeySpec| spec.algorithms(self.usage);
        let has_none = old.spec.zip(new.spec).is_some_and(|(old, new)| {
            let after = algorithms(new);
            !algorithms(old).iter().any(|it| after.contains(it))
        });
        let exception = if has_none { OTHER_USE } else { self.wrong_key };
        exception.into()
    }
}

/// What is known of a key that a run makes.
pub(crate) fn made(run: &Run, maker: usize) -> KeyFacts {
    let request = run.steps.get(maker).map(|step| &step.request);
    let Some(Request::CreateKey { key, open } | Request::ReplicateKey { key, open, .. }) = request
    else {
        return KeyFacts::default();
    };
    let is_open = |fact| open.contains(&fact);
    let mut known = *key;
    known.spec = known.spec.filter(|_| !is_open(Fact::KeyType));
    known.usage = known.usage.filter(|_| !is_open(Fact::KeyUsage));
    known.state = known.state.filter(|_| !is_open(Fact::KeyState));
    known.enabled = known.enabled.filter(|_| !is_open(Fact::KeyState));
    known
}
