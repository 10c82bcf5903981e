//! What an entry of `Resource` speaks of: aliases, keys, something else.

use super::pattern::{Pattern, Token};

/// An entry of `Resource` or `NotResource`, taken apart.
#[derive(Clone, Debug)]
pub(crate) struct ResourcePattern {
    whole: Pattern,
    /// The six parts of an ARN, if it has them.
    parts: Option<[Pattern; 6]>,
}

/// The beginning of what stands for an alias in the sixth part of an ARN.
const ALIAS: &str = "alias";

impl ResourcePattern {
    pub(crate) fn new(text: &str) -> Self {
        let whole = Pattern::new(text);
        let parts = whole.parts(6).try_into().ok();
        Self { whole, parts }
    }

    /// The resource part of an ARN whose service is KMS.
    fn of_kms(&self) -> Option<&Pattern> {
        let [arn, _, service, _, _, resource] = self.parts.as_ref()?;
        let is_kms = arn.head() == "arn" && service.head() == "kms" && !service.is_open();
        is_kms.then_some(resource)
    }

    /// Whether it is an ARN of KMS whose resource begins with `alias`.
    pub(crate) fn is_alias(&self) -> bool {
        self.of_kms()
            .is_some_and(|resource| resource.head().starts_with(ALIAS))
    }

    /// Whether it is an alias ARN whose name begins so, for certain.
    pub(crate) fn is_alias_under(&self, prefix: &str) -> bool {
        self.of_kms()
            .is_some_and(|resource| resource.head().starts_with(prefix))
    }

    /// Whether an ARN of KMS can fit.
    pub(crate) fn can_be_kms(&self) -> bool {
        self.can_be("*")
    }

    /// Whether the ARN of an alias can fit.
    pub(crate) fn can_be_alias(&self) -> bool {
        self.can_be("alias/*")
    }

    /// Whether it has an alias where the ARN of a key has the ID of the key: its name, or its ARN.
    pub(crate) fn has_alias_for_key_id(&self) -> bool {
        let Some(resource) = self.of_kms() else {
            return false;
        };
        let of_arn = || resource.holds(":alias/");
        let head = resource.head();
        let key_id = head.strip_prefix("key/");
        key_id.is_some_and(|own| own.starts_with("alias/") || own.starts_with("arn:") && of_arn())
    }

    /// Whether the ARN of a key can fit.
    pub(crate) fn can_be_key(&self) -> bool {
        self.can_be("key/*")
    }

    fn can_be(&self, resource: &str) -> bool {
        match &self.parts {
            Some([arn, _, service, _, _, own]) => {
                arn.meets(&Pattern::new("arn"))
                    && service.meets(&Pattern::new("kms"))
                    && own.meets(&Pattern::new(resource))
            }
            None => {
                let arn = Pattern::new(&format!("arn:*:kms:*:*:{resource}"));
                self.whole.is_open() && self.whole.meets(&arn)
            }
        }
    }

    /// Whether it is the ARN of one key, without wildcards.
    pub(crate) fn is_one_key(&self) -> bool {
        !self.whole.is_open()
            && self
                .of_kms()
                .is_some_and(|resource| resource.head().starts_with("key/"))
    }

    /// Whether every key of the partition, Region and account of an alias ARN fits.
    pub(crate) fn covers_keys_beside(&self, alias: &Self) -> bool {
        let Some([arn, partition, service, region, account, _]) = &alias.parts else {
            return false;
        };
        let keys = Pattern::new("key/*");
        if let Some(own) = &self.parts {
            let beside = [arn, partition, service, region, account, &keys];
            return own.iter().zip(beside).all(|(own, other)| own.covers(other));
        }
        let colon = [Token::Character(':')];
        let beside = [arn, partition, service, region, account].map(Pattern::tokens);
        let beside: Vec<&[Token]> = beside.into_iter().chain([keys.tokens()]).collect();
        self.whole
            .covers(&Pattern::of_tokens(beside.join(&colon[..])))
    }
}

impl Pattern {
    pub(crate) const fn of_tokens(tokens: Vec<Token>) -> Self {
        Self(tokens)
    }
}
