//! Values of data sources that are read while a plan is applied.

use super::address::{Address, join};
use super::follow::{Follower, Origin, Standpoint};
use kms_alias_foresee::verdict::KeyFacts;

/// What a data source tells of a key by having read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Read {
    /// The value is not read from KMS, or in another place than the alias.
    Not,
    /// The key exists.
    Key,
    /// It is the key of a customer's alias (rule H1).
    OfAlias,
    /// It is the key of one of AWS's aliases (rule H2): if there is no such alias, nothing is read,
    /// and the request is never made.
    OfAwsAlias,
}

impl Read {
    pub(super) fn facts(self) -> KeyFacts {
        match self {
            Self::Not => KeyFacts::default(),
            Self::Key => KeyFacts::existing(),
            Self::OfAlias => KeyFacts::customer_managed(),
            Self::OfAwsAlias => KeyFacts::aws_managed(),
        }
    }
}

impl Follower<'_, '_, '_> {
    /// The value of a data source, or of a resource that is none of KMS.
    pub(super) fn of_data(
        &self,
        at: &Standpoint,
        address: &Address<'_>,
        reference: &str,
    ) -> Origin {
        let is_alias = address.resource.starts_with("data.aws_kms_alias.");
        // The alias itself in place of its key: what it is called does not matter (rule K5).
        if is_alias && matches!(address.attribute, Some("arn" | "id" | "name")) {
            return Origin::Text([ALIAS, reference].concat());
        }
        let read = if is_alias || address.resource.starts_with("data.aws_kms_key.") {
            self.read(at, address, if is_alias { "name" } else { "key_id" })
        } else {
            Read::Not
        };
        Origin::Elsewhere {
            label: join(&at.module_instance, reference),
            read,
            series: None,
        }
    }

    /// What a data source reads: the attribute says of which alias.
    fn read(&self, at: &Standpoint, address: &Address<'_>, attribute: &str) -> Read {
        let resource = self
            .tree
            .resource(&join(&at.module_path, &address.resource));
        let provider = resource.and_then(|it| it.provider_config_key.as_deref());
        let is_elsewhere = match (provider, &self.provider) {
            (Some(one), Some(other)) => block(one) != block(other),
            _ => false,
        };
        if is_elsewhere || resource.is_some_and(|it| it.has_expression("region")) {
            return Read::Not;
        }
        let place = join(&at.module_instance, &address.resource);
        let planned = self.instances.read_names(&place);
        let constant = || resource.and_then(|it| it.expression(attribute)?.constant);
        let names = match planned {
            Some(names) => names.to_vec(),
            None => [constant()].into(),
        };
        let all = |prefix: &str| {
            let is_so = |name: &Option<String>| {
                name.as_deref().is_some_and(|name| name.starts_with(prefix))
            };
            !names.is_empty() && names.iter().all(is_so)
        };
        let any_of_aws = names.iter().flatten().any(|name| name.starts_with(AWS));
        match (all(AWS), all(ALIAS)) {
            (true, _) => Read::OfAwsAlias,
            (_, true) if !any_of_aws => Read::OfAlias,
            _ => Read::Key,
        }
    }
}

/// What the name of an alias begins with, and that of one of AWS's.
const ALIAS: &str = "alias/";
const AWS: &str = "alias/aws/";

/// The name of a provider block, without the module that hands it on.
fn block(key: &str) -> &str {
    key.rsplit(':').next().unwrap_or(key)
}
