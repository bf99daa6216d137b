//! Where photos and attachments are.

use std::{collections::HashMap, net::IpAddr};

use anyhow::{Context as _, bail, ensure};
use samspil_store::objects::{Objects, S3};

use super::{Config, secret};

/// The services that keep objects, each with its folder in the data folder or its prefix in the bucket.
pub(crate) const KEEPERS: [(&str, &str); 2] = [("referral", "attachments"), ("wound", "photos")];

impl Config {
    /// The objects of a service, if it keeps any. Nothing is asked of the store yet.
    pub(crate) async fn objects(&self, service: &str) -> anyhow::Result<Option<Objects>> {
        let Some((_, place)) = KEEPERS.into_iter().find(|(keeper, _)| *keeper == service) else { return Ok(None) };
        if let Some((bucket, prefix)) = self.bucket() {
            let prefix = format!("{prefix}/{place}").trim_start_matches('/').to_owned();
            return Ok(Some(Objects::s3(&self.s3(bucket, prefix)?)?));
        }
        let quota = (service == "wound" && self.photo_quota_bytes > 0).then_some(self.photo_quota_bytes);
        Ok(Some(Objects::folder(&self.data_dir.join(place), quota).await?))
    }

    /// The objects of services by name. A store that does not keep what everything rests on is found here, before a port is opened.
    pub(crate) async fn fit_objects(
        &self,
        services: &[&'static str],
    ) -> anyhow::Result<HashMap<&'static str, Objects>> {
        let mut found = HashMap::new();
        for service in services {
            let Some(objects) = self.objects(service).await? else { continue };
            if !self.object_store.is_empty() {
                let unfit = || format!("`object_store` {} is not fit to serve {service} from", self.object_store);
                objects.probe().await.with_context(unfit)?;
            }
            found.insert(*service, objects);
        }
        Ok(found)
    }

    fn s3(&self, bucket: &str, prefix: String) -> anyhow::Result<S3> {
        let access_key = match (&self.s3_access_key_id_file, &self.s3_secret_access_key_file) {
            (Some(id), Some(key)) => Some((secret(id)?, secret(key)?)),
            _ => None,
        };
        Ok(S3 {
            bucket: bucket.to_owned(),
            prefix,
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            access_key,
            allow_http: self.s3_allow_http,
        })
    }

    /// The bucket and the prefix, if it is not the folder.
    fn bucket(&self) -> Option<(&str, &str)> {
        let place = self.object_store.strip_prefix("s3://")?.trim_end_matches('/');
        Some(place.split_once('/').unwrap_or((place, "")))
    }

    pub(super) fn check_object_store(&self) -> anyhow::Result<()> {
        ensure!(
            self.s3_access_key_id_file.is_some() == self.s3_secret_access_key_file.is_some(),
            "of `s3_access_key_id_file` and `s3_secret_access_key_file` one is there alone"
        );
        if self.object_store.is_empty() {
            ensure!(
                self.s3_endpoint.is_empty() && self.s3_access_key_id_file.is_none() && !self.s3_allow_http,
                "`s3_…` is set and `object_store` is not: photos would be kept in the data folder"
            );
            return Ok(());
        }
        match self.bucket() {
            None => bail!("`object_store` is neither empty nor s3://BUCKET/PREFIX"),
            Some((bucket, _)) => ensure!(!bucket.is_empty(), "`object_store` names no bucket"),
        }
        ensure!(
            self.photo_quota_bytes == 0,
            "`photo_quota_bytes` is of the data folder, and `object_store` says that nothing is kept there"
        );
        if self.s3_endpoint.is_empty() {
            ensure!(!self.s3_allow_http, "`s3_allow_http` is of no use without `s3_endpoint`");
            return Ok(());
        }
        ensure!(!self.s3_endpoint.contains('@'), "`s3_endpoint` has a name or a password in it: they belong in files");
        match self.s3_endpoint.strip_prefix("http://") {
            Some(rest) => ensure!(
                self.s3_allow_http && is_loopback(rest),
                "without TLS a store is spoken to on a loopback address alone, and only with `s3_allow_http`; `s3_endpoint` is {}",
                self.s3_endpoint
            ),
            None => ensure!(
                self.s3_endpoint.starts_with("https://"),
                "`s3_endpoint` begins with neither https:// nor http://"
            ),
        }
        Ok(())
    }
}

/// Whether `HOST:PORT/…` is this machine.
fn is_loopback(address: &str) -> bool {
    let authority = address.split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(change: impl FnOnce(&mut Config)) -> Option<String> {
        let mut config = Config { object_store: "s3://photos/region".to_owned(), ..Config::default() };
        change(&mut config);
        config.check_object_store().err().map(|error| error.to_string())
    }

    #[test]
    fn what_cannot_be_right_is_said() {
        assert_eq!(said(|_| {}), None);
        assert_eq!(said(|config| config.object_store = "s3://photos".to_owned()), None);
        for (change, word) in [
            ((|config| config.object_store = "photos".to_owned()) as fn(&mut Config), "neither empty nor s3://"),
            (|config| config.object_store = "s3:///region".to_owned(), "no bucket"),
            (|config| config.photo_quota_bytes = 1, "photo_quota_bytes"),
            (|config| config.s3_access_key_id_file = Some("id".into()), "alone"),
            (|config| config.s3_allow_http = true, "no use"),
            (|config| config.s3_endpoint = "s3.example.org".to_owned(), "neither https:// nor http://"),
            (|config| config.s3_endpoint = "https://me:secret@s3.example.org".to_owned(), "files"),
            (|config| config.s3_endpoint = "http://127.0.0.1:8333".to_owned(), "s3_allow_http"),
            (
                |config| {
                    config.s3_endpoint = "http://s3.example.org".to_owned();
                    config.s3_allow_http = true;
                },
                "loopback",
            ),
            (
                |config| {
                    config.object_store = String::new();
                    config.s3_endpoint = "https://s3.example.org".to_owned();
                },
                "data folder",
            ),
        ] {
            let text = said(change).unwrap_or_default();
            assert!(text.contains(word), "{word}: {text:?}");
        }
    }

    #[test]
    fn this_machine_may_be_spoken_to_without_tls() {
        for endpoint in ["http://127.0.0.1:8333", "http://localhost", "http://[::1]:9000/"] {
            let local = |config: &mut Config| {
                config.s3_endpoint = endpoint.to_owned();
                config.s3_allow_http = true;
            };
            assert_eq!(said(local), None, "{endpoint}");
        }
        assert!(!is_loopback("localhost.example.org"));
        assert!(!is_loopback("10.0.0.1:80"));
    }

    #[test]
    fn a_bucket_has_a_prefix_or_none() {
        let bucket = |place: &str| {
            let config = Config { object_store: place.to_owned(), ..Config::default() };
            config.bucket().map(|(bucket, prefix)| (bucket.to_owned(), prefix.to_owned()))
        };
        let pair = |bucket: &str, prefix: &str| Some((bucket.to_owned(), prefix.to_owned()));
        assert_eq!(bucket("s3://photos"), pair("photos", ""));
        assert_eq!(bucket("s3://photos/"), pair("photos", ""));
        assert_eq!(bucket("s3://photos/region/north"), pair("photos", "region/north"));
        assert_eq!(bucket(""), None);
    }
}
