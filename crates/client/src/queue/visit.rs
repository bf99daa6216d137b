//! One visit's way to the service, step by step.
//!
//! Each step reads from the disk what is to be done, does it, and writes what came of it. Nothing else is remembered, so that a
//! crash between any two lines leads to the same step with the same request.

use samspil_proto::{
    names::{PhotoName, VisitName},
    wound::v1::CompleteVisitRequest,
};
use uuid::Uuid;

use super::{
    Event, Outcome, Problem, Queue,
    elsewhere::ALREADY_ANNOUNCED,
    record::{Photo, Record, Step},
};
use crate::{Connection, Error};

impl Queue {
    /// Takes a visit as far as it goes.
    pub(super) async fn bring(
        &self,
        to: &Connection,
        visit: VisitName,
        on_event: &(impl Fn(Event) + Send + Sync),
    ) -> Result<Outcome, Error> {
        loop {
            let record = self.blocking(move |inner| inner.folder.read(visit)).await?;
            match record.next() {
                Step::Record => self.record(to, visit, &record, on_event).await?,
                Step::Withdraw(photo) => self.take_back(to, visit, entry(&record, visit, photo)?, on_event).await?,
                Step::Announce(photo) => self.announce(to, visit, entry(&record, visit, photo)?, on_event).await?,
                Step::Upload(photos) => {
                    let photos = photos.iter().map(|photo| entry(&record, visit, *photo).cloned());
                    self.upload_all(to, visit, photos.collect::<Result<_, _>>()?, on_event).await?;
                }
                Step::Decide(photos) => {
                    let named = photos.iter().map(|photo| entry(&record, visit, *photo).map(|photo| photo.name(visit)));
                    return Ok(Outcome::Refused(named.collect::<Result<_, _>>()?));
                }
                Step::Complete => self.complete(to, visit, &record, on_event).await?,
                Step::Ask => self.put_question(to, visit, &record, on_event).await?,
                Step::File => {
                    self.blocking(move |inner| inner.folder.file(visit.visit)).await?;
                    return Ok(Outcome::Done { assessment: record.ask.and_then(|ask| ask.assessment) });
                }
            }
        }
    }

    async fn record(
        &self,
        to: &Connection,
        visit: VisitName,
        record: &Record,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let request = record.create().map_err(|error| {
            let folder = self.0.folder.visit(visit.visit);
            Error::from(Problem::Broken { folder, cause: format!("its findings: {error}") })
        })?;
        match to.call(request, |to, request| async move { to.wound().create_visit(request).await }).await {
            Ok(_) => {
                self.change(visit, |record| {
                    record.recorded = true;
                    record.problem = None;
                    record.photos.iter_mut().filter(|photo| photo.with_visit).for_each(|photo| photo.announced = true);
                    Ok(())
                })
                .await?;
                on_event(Event::Recorded(visit));
                Ok(())
            }
            Err(Error::Refused(refusal)) if refusal.reason == ALREADY_ANNOUNCED => {
                self.leave_out(to, visit, record, refusal, on_event).await
            }
            Err(error) => Err(error),
        }
    }

    async fn complete(
        &self,
        to: &Connection,
        visit: VisitName,
        record: &Record,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let request = CompleteVisitRequest {
            name: visit.to_string(),
            etag: String::new(),
            request_id: record.complete_request_id.to_string(),
        };
        to.call(request, |to, request| async move { to.wound().complete_visit(request).await }).await?;
        self.change(visit, |record| {
            record.completed = true;
            record.problem = None;
            Ok(())
        })
        .await?;
        on_event(Event::Completed(visit));
        Ok(())
    }

    async fn put_question(
        &self,
        to: &Connection,
        visit: VisitName,
        record: &Record,
        on_event: &impl Fn(Event),
    ) -> Result<(), Error> {
        let Some(ask) = &record.ask else { return Ok(()) };
        let request = ask.request(visit);
        let asked =
            to.call(request, |to, request| async move { to.wound().request_assessment(request).await }).await?.name;
        let name = asked.clone();
        self.change(visit, move |record| {
            if let Some(ask) = &mut record.ask {
                ask.assessment = Some(name);
            }
            record.problem = None;
            Ok(())
        })
        .await?;
        on_event(Event::Asked(asked));
        Ok(())
    }
}

fn entry(record: &Record, visit: VisitName, photo_id: Uuid) -> Result<&Photo, Problem> {
    let VisitName { patient, wound, visit } = visit;
    record.photo(photo_id).ok_or(Problem::NoPhoto(PhotoName { patient, wound, visit, photo: photo_id }))
}
