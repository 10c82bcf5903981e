//! GetParametersForImport: who may import what, and a public key to wrap it with.
//!
//! Ours: nothing is imported here, so the public keys are always the same and nobody has their private
//! keys, and the import token says so in plain words.

use alloc::boxed::Box;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::fault::Fault;
use super::perform::Call;
use super::response::Response;
use kms_alias::{KeySpec, KeyType};

/// What the import token says.
const TOKEN: &[u8] = b"kms-alias: nothing can be imported with this token";

impl Call<'_, '_> {
    pub(super) fn parameters_for_import(self) -> Result<Response, Fault> {
        let key = self.key()?;
        let algorithm = self.request.text("WrappingAlgorithm").unwrap_or_default();
        let wrapping = self.request.text("WrappingKeySpec").unwrap_or_default();
        if !can_wrap(algorithm, wrapping, key.spec()) {
            return Err(Fault::Wrapping {
                algorithm: Box::from(algorithm),
                wrapping: Box::from(wrapping),
                spec: key.spec(),
            });
        }
        let public_key = match wrapping {
            "RSA_2048" => RSA_2048,
            "RSA_3072" => RSA_3072,
            "RSA_4096" => RSA_4096,
            _ => SM2,
        };
        Ok(Response::of(&json!({
            "KeyId": key.arn(),
            "ImportToken": STANDARD.encode(TOKEN),
            "PublicKey": public_key,
            "ParametersValidTo": self.at.plus_days(1).as_seconds(),
        })))
    }
}

/// Whether key material can be wrapped so (KMS API reference; the refusals of `RSAES_PKCS1_V1_5`, of
/// `RSA_AES` for symmetric keys and of `RSAES_OAEP` for RSA keys are recorded). That `RSA_AES` wraps
/// the material of every asymmetric key is ours.
fn can_wrap(algorithm: &str, wrapping: &str, spec: KeySpec) -> bool {
    let is_rsa = matches!(spec, KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096);
    match algorithm {
        "SM2PKE" => wrapping == "SM2",
        _ if wrapping == "SM2" => false,
        "RSAES_OAEP_SHA_1" | "RSAES_OAEP_SHA_256" => {
            let is_too_long = spec == KeySpec::EccNistP521 && wrapping == "RSA_2048";
            !(is_rsa || is_too_long)
        }
        "RSA_AES_KEY_WRAP_SHA_1" | "RSA_AES_KEY_WRAP_SHA_256" => {
            spec.key_type() == KeyType::Asymmetric
        }
        _ => false,
    }
}

const RSA_2048: &str = concat!(
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAuJ3mGxOMClwGhfgOq7+1UGOLnC3j4hQ1PHfUhjbkLujF",
    "3bCRfwjPPLGUUrhjJH6WX6qr9N4uDnFpb5oCbrnBHkVJcBm2ILIy51AVzc6IRImuMBpcWPzslpimg2LEiuBtObWZ",
    "H/ydrRC08ODTa2lPvPptBZlKsBi9DURfJKGxB/1rKycxB/krR8tmXbMxGQ6b3erwkc3VmorfFnxqds/j1XUsktAN",
    "nVaRCSLbmWILqZgSQPDKkd/5Kikrg1mpuG7+eKCfzTxXhVuCeXHlHWuMr3XP0ChP2hqL77frQsd64d0X3gmFEs0L",
    "huRs8uvpXDhdzObYjV2zW9heRttIh17O+QIDAQAB",
);
const RSA_3072: &str = concat!(
    "MIIBojANBgkqhkiG9w0BAQEFAAOCAY8AMIIBigKCAYEAo2Z1rlrfsiipTdM4SfEpr29863RV0G0uuJ4fb5bXXwqx",
    "Ga3k1G9l408d0BDlxj4SPPXc9OlIePKhQy7Gw0p5Vy2te3/Tl07sjmvXlAdSQO0j1u+JtCEWQOfuOzYP7korMWn6",
    "qzqxnKIVkAC/INv7Lek5ZGdCgbkwoxFYDCn//duU56hIMZ3DGXRMGC98drT1oBVn3TWLLxD5aU7Leeh6MH/J9br1",
    "c6KdYynjM8VDU3tKzaW352ICt/RwsNVO125hoOSzKKUTy3ReNFHOZPcmqFxdgDLhTeVr9wcnJe1tVnbDDaAOxWqY",
    "iIrLxJdnN2jYSXbDeqiC0H8zq8BEwDIMhBuLMelFiXIi3ZDnBR+SyMTB4LhcuOOBaeqJTfEUkIWrzD0uoiUfQacv",
    "NC7fw5cymTK/4ODDQl7LGzYJJEOP1qKRcZ6tZLXE5FdL/AUpXpb1B2GLD67YWomNj5yVKb+Q6hdbgwu0e62QaR7Z",
    "xloBqRXeUnEanFvw7Mh5613aJM4jAgMBAAE=",
);
const RSA_4096: &str = concat!(
    "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAsYvH0OznSFdjda1sYF2sKP/3HVY0BjZoTbT8vBC9zOtN",
    "VDQqEZCdMx/L6Pwi2RVi3mnNvcRhIt2kAzERqYpIphvCEl4WGzlVZTC9pIa20gw39rwA3zUXbbYkO9Qg1qQncGVP",
    "LmoW8Ku2mPRa5tfUMynMmrzU07uLtor8BJoIMqVKO7hkzF4D7GLkeRy2EyfpHXllXxLqvadVMpFMASKyVFTC6g+S",
    "5xrcciRWAqp0cAPiVlZJLqgX5S1ekqZ8ltTLSuy58zmZH8tiVCBpqyBb/Mg3YgaD0UnsJQg8oNGkpGnyxXhT0Vgi",
    "Hw4+3pd8R6mnh5Na8BUkUm46WA/60mI/em+smgLxXWdQa7+qn1ayoqXH7G2xoSJZDJWN3fafTnVGYHcDehEiOFUM",
    "MkoSxzthpn0qk/KTyw7yUJQrQ+4uXj6migG6U36EyesW20A9rdo1CO+gAbrQcavnc9DqGV22g8nlhZjtj8nsBRJo",
    "2GOK3bi2LHPqam7tZcB7FjwlPi4/9MvuDXBdoV+lCV1h0Ye7LjUbhMgvVZCNclAR+2fd3DZq7PqZp5UMBlSK5hOc",
    "LWefY/57JjMYkfQfYguasN/SrIa/GrxCxC4rY+HsPSpCJs8tfKu+MOhiq2QzHtQ7av/QqI3XD8M9kL/O5eA1vB2K",
    "cuxzFe5t+VUPCLPBdBDUofkCAwEAAQ==",
);
const SM2: &str = concat!(
    "MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEDzmi2QWu/ZxwDwHRCSf89EGpxMxoTMeRJWKRPb1Ep3LJVSHBTbej",
    "XQmH1fn2a/22qBMDpVRplu6ZYYpvkuy3Qw==",
);
