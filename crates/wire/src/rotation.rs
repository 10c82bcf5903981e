//! The rotation of key material: it is kept as it was asked for, and carried out by nobody.
//!
//! Ours: a rotation on demand that has begun stays under way.

use serde_json::json;

use super::fault::Fault;
use super::perform::Call;
use super::response::Response;
use kms_alias::{KeyDetails, KeyMetadata, KeySpec, KeyState, MultiRegionRole, Origin, Rotation};

/// The days between two rotations of a key for which none are said.
const DEFAULT_PERIOD: u16 = 365;

impl Call<'_, '_> {
    /// A period that is not said is the present one; after a disable it is the default (recorded).
    pub(super) fn enable_rotation(self) -> Result<Response, Fault> {
        let key = self.rotated_key()?;
        if key.spec() != KeySpec::SymmetricDefault {
            return Err(Fault::Unsupported);
        }
        let present = key.details().rotation;
        let asked = self.request.integer("RotationPeriodInDays");
        let rotation = match (asked.and_then(|days| u16::try_from(days).ok()), present) {
            (None, Some(present)) => present,
            (asked, _) => Rotation::new(asked.unwrap_or(DEFAULT_PERIOD), self.at),
        };
        let details = KeyDetails {
            rotation: Some(rotation),
            ..key.details().clone()
        };
        self.carry(&key, details)
    }

    /// It succeeds for every key spec (measured).
    pub(super) fn disable_rotation(self) -> Result<Response, Fault> {
        let key = self.rotated_key()?;
        let details = KeyDetails {
            rotation: None,
            ..key.details().clone()
        };
        self.carry(&key, details)
    }

    /// A key pending deletion is not rotated, and is again if it is kept (recorded).
    pub(super) fn rotation_status(self) -> Result<Response, Fault> {
        let key = self.key()?;
        let details = key.details();
        let is_dying = key.state() == KeyState::PendingDeletion;
        let rotation = details.rotation.filter(|_| !is_dying);
        let mut answer = json!({
            "KeyId": key.arn(),
            "KeyRotationEnabled": rotation.is_some(),
        });
        if let Some(members) = answer.as_object_mut() {
            if let Some(rotation) = rotation {
                let days = rotation.period_in_days.into();
                members.insert("RotationPeriodInDays".into(), days);
                let next = rotation.next().as_seconds().into();
                members.insert("NextRotationDate".into(), next);
            }
            if let Some(at) = details.on_demand_rotation {
                let began = at.as_seconds().into();
                members.insert("OnDemandRotationStartDate".into(), began);
            }
        }
        Ok(Response::of(&answer))
    }

    /// A repeat while the first is under way succeeds (recorded).
    pub(super) fn rotate_on_demand(self) -> Result<Response, Fault> {
        let key = self.rotated_key()?;
        if key.spec() != KeySpec::SymmetricDefault {
            return Err(Fault::Unsupported);
        }
        if key.origin() == Origin::External {
            return Err(Fault::NoMaterialToRotateTo(key.arn()));
        }
        let began = key.details().on_demand_rotation.unwrap_or(self.at);
        let details = KeyDetails {
            on_demand_rotation: Some(began),
            ..key.details().clone()
        };
        let answer = Response::of(&json!({"KeyId": key.arn()}));
        self.carry(&key, details)?;
        Ok(answer)
    }

    /// Nothing was rotated yet; with all key material the present one is listed.
    pub(super) fn list_rotations(self) -> Result<Response, Fault> {
        let key = self.key()?;
        let asked = self.request.text("IncludeKeyMaterial");
        if asked.is_some() && key.spec() != KeySpec::SymmetricDefault {
            return Err(Fault::MaterialOfOthers);
        }
        self.is_first_page()?;
        let material = key.details().current_key_material_id;
        let shown = material.filter(|_| asked == Some("ALL_KEY_MATERIAL"));
        let rotation = shown.map(|id| {
            json!({
                "KeyId": key.arn(),
                "KeyMaterialId": id,
                "KeyMaterialState": "CURRENT",
            })
        });
        let rotations: alloc::vec::Vec<_> = rotation.into_iter().collect();
        let answer = json!({"Rotations": rotations, "Truncated": false});
        Ok(Response::of(&answer))
    }

    /// The key, which is no replica: a replica is rotated with its primary (recorded).
    fn rotated_key(&self) -> Result<KeyMetadata, Fault> {
        let key = self.key()?;
        match key.multi_region_role() {
            Some(MultiRegionRole::Replica) => Err(Fault::Replica {
                key: key.arn(),
                operation: self.operation,
            }),
            _ => Ok(key.clone()),
        }
    }
}
