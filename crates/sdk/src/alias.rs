//! An entry of ListAliases.

use aws_sdk_kms::types::AliasListEntry as SdkAlias;
use kms_alias::{AliasArn, AliasListEntry, AnyAliasName, ParseError, Scope};

use crate::date::{date_time, timestamp};

/// An alias as ListAliases shows it, with the account and Region that its ARN names.
///
/// ```
/// use aws_sdk_kms::types::AliasListEntry;
/// use kms_alias_sdk::Alias;
///
/// let listed = AliasListEntry::builder()
///     .alias_name("alias/payments")
///     .alias_arn("arn:aws:kms:eu-west-3:111122223333:alias/payments")
///     .target_key_id("1234abcd-12ab-34cd-56ef-1234567890ab")
///     .build();
/// let alias = Alias::try_from(&listed)?;
/// assert_eq!(alias.scope.region().as_str(), "eu-west-3");
/// assert_eq!(AliasListEntry::from(&alias), listed);
/// # Ok::<(), kms_alias_sdk::InvalidAlias>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "an entry and where it stands")]
pub struct Alias {
    /// The account and Region.
    pub scope: Scope,
    /// The alias, as a table takes it.
    pub entry: AliasListEntry,
}

/// Why an entry of the SDK is no alias.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidAlias {
    /// A member that every alias has is not there.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A member cannot be what it is.
    #[error("`{member}` is not valid")]
    Invalid {
        /// The member's name.
        member: &'static str,
        /// Why.
        #[source]
        cause: ParseError,
    },
    /// The ARN is another alias's (rule A7).
    #[error("`AliasArn` is that of {arn}, and `AliasName` says {name}")]
    OtherName {
        /// The name in the ARN.
        arn: AnyAliasName,
        /// The name.
        name: AnyAliasName,
    },
}

fn read<T>(member: &'static str, text: &str) -> Result<T, InvalidAlias>
where
    T: std::str::FromStr<Err = ParseError>,
{
    text.parse()
        .map_err(|cause| InvalidAlias::Invalid { member, cause })
}

impl TryFrom<&SdkAlias> for Alias {
    type Error = InvalidAlias;

    fn try_from(alias: &SdkAlias) -> Result<Self, InvalidAlias> {
        let arn = alias.alias_arn().ok_or(InvalidAlias::Missing("AliasArn"))?;
        let arn: AliasArn = read("AliasArn", arn)?;
        let name = alias
            .alias_name()
            .ok_or(InvalidAlias::Missing("AliasName"))?;
        let name: AnyAliasName = read("AliasName", name)?;
        if *arn.alias_name() != name {
            let arn = arn.alias_name().clone();
            return Err(InvalidAlias::OtherName { arn, name });
        }
        let target = alias.target_key_id().map(|id| read("TargetKeyId", id));
        let mut entry = AliasListEntry::new(name, target.transpose()?);
        entry.creation_date = alias.creation_date().map(timestamp);
        entry.last_updated_date = alias.last_updated_date().map(timestamp);
        Ok(Self {
            scope: arn.scope(),
            entry,
        })
    }
}

impl From<&Alias> for SdkAlias {
    fn from(alias: &Alias) -> Self {
        let entry = &alias.entry;
        let arn = AliasArn::new(alias.scope, entry.alias_name.clone());
        Self::builder()
            .alias_name(entry.alias_name.to_string())
            .alias_arn(arn.to_string())
            .set_target_key_id(entry.target_key_id.map(|id| id.to_string()))
            .set_creation_date(entry.creation_date.map(date_time))
            .set_last_updated_date(entry.last_updated_date.map(date_time))
            .build()
    }
}
