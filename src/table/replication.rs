//! ReplicateKey, as far as the table of the primary key's own Region tells.

use super::alias_table::AliasTable;
use crate::identifier::{Region, Scope, TargetKeyId};
use crate::key::{KeyMetadata, KmsOperation, MultiRegionRole};
use crate::operation::Refusal;

impl AliasTable {
    /// The multi-Region primary key that ReplicateKey names (rules S8, M).
    ///
    /// # Errors
    /// What [`check_use`](Self::check_use) refuses; M (no multi-Region primary key).
    pub fn check_primary(&self, key: &TargetKeyId) -> Result<&KeyMetadata, Refusal> {
        let key = self.judge_use(KmsOperation::ReplicateKey, &(*key).into())?;
        match key.multi_region_role() {
            Some(MultiRegionRole::Primary { .. }) => Ok(key),
            _ => Err(Refusal::NotPrimaryKey { key: key.arn() }),
        }
    }

    /// ReplicateKey of a key of this table: the primary key, if it can have a replica in a Region
    /// (rules S8, M). What stands in that Region another table tells.
    ///
    /// ```
    /// use kms_alias::{AliasTable, KeyArn, KeyMetadata, Region, Rule, TargetKeyId};
    ///
    /// let arn = KeyArn::from_static(
    ///     "arn:aws:kms:eu-west-3:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
    /// );
    /// let mut table = AliasTable::new(arn.scope());
    /// table.insert_key(KeyMetadata::builder(arn).build()?)?;
    /// let key = TargetKeyId::from(arn);
    /// assert_eq!(table.check_primary(&key)?.arn(), arn);
    /// assert!(table.check_replication(&key, Region::from_static("eu-west-1")).is_ok());
    /// let refusal = table.check_replication(&key, arn.scope().region()).unwrap_err();
    /// assert_eq!(refusal.rule(), Rule::M);
    /// assert_eq!(
    ///     refusal.to_string(),
    ///     "eu-west-3 cannot have a replica because it contains the primary.",
    /// );
    /// # Ok::<(), Box<dyn core::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// What [`check_primary`](Self::check_primary) refuses; M (the Region of the primary key, another
    /// partition, a Region in which the key's details have a replica).
    pub fn check_replication(
        &self,
        key: &TargetKeyId,
        region: Region,
    ) -> Result<&KeyMetadata, Refusal> {
        let primary = self.check_primary(key)?;
        let here = primary.arn().scope();
        if region == here.region() {
            return Err(Refusal::ReplicaBesidePrimary { region });
        }
        if Scope::new(region, here.account()).partition() != here.partition() {
            return Err(Refusal::ReplicaInOtherPartition);
        }
        if primary.details().replica_regions.contains(&region) {
            return Err(Refusal::ReplicaExists);
        }
        Ok(primary)
    }
}
