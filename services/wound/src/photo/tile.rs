//! Tiles of a photo.
//!
//! At the first look all tiles of a photo are cut in one go and kept in one object beside its renditions. From then on a tile
//! is a range of that object. Nobody waits for tiles that nobody looks at, and the original is decoded once for all of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use samspil_imaging::tiles::{self, Grid, Index};
use samspil_kit::{Ctx, Error};
use samspil_proto::{
    names::PhotoName,
    wound::v1::{GetPhotoTileRequest, PhotoState, PhotoTile},
};
use samspil_store::objects;
use tracing::Instrument as _;
use uuid::Uuid;

use super::{Photo, act, keep};
use crate::{Reason, Wounds, access};

/// Indexes that are remembered. One has four bytes for each tile: some hundreds for a phone's photo.
const REMEMBERED: usize = 256;

/// What this process knows of photos in tiles. A clone knows the same.
#[derive(Clone, Default)]
pub(crate) struct Tiles {
    /// Where the tiles are in their objects, so that a tile is one read.
    indexes: Arc<Mutex<HashMap<Uuid, Arc<Index>>>>,
    /// One photo is cut at a time: a viewer asks for a dozen tiles at once, and a cut photo takes memory.
    cutting: Arc<tokio::sync::Mutex<()>>,
}

pub(crate) async fn get(service: &Wounds, ctx: &Ctx, request: GetPhotoTileRequest) -> Result<PhotoTile, Error> {
    let name: PhotoName = request.name.parse()?;
    access::patient(ctx, name.patient).await?;
    let photo = act::find(ctx, &mut ctx.read().await?, name).await?;
    if !photo.is(PhotoState::Stored) {
        return Err(Reason::PhotoNotStored.into());
    }
    let ordinal = ordinal(&photo, &request)?;
    let data = match read(service, &photo, ordinal).await? {
        Some(data) => data,
        None => {
            // A task of its own: the first look is not lost when the viewer has gone on meanwhile.
            let cutting = cut(service.clone(), photo.clone()).in_current_span();
            tokio::spawn(cutting).await.map_err(Error::internal)??;
            let made = read(service, &photo, ordinal).await?;
            made.ok_or_else(|| Error::internal(format!("the tiles of {name} are gone at once")))?
        }
    };
    ctx.audit_read([(name.patient, request.name.as_str())]).await?;
    Ok(PhotoTile { content_type: "image/jpeg".to_owned(), data })
}

/// Where the tile comes among those of its photo.
fn ordinal(photo: &Photo, request: &GetPhotoTileRequest) -> Result<usize, Error> {
    let grid = photo.grid();
    // None of them is negative, by the contract.
    let [level, column, row] = [request.level, request.column, request.row].map(i32::unsigned_abs);
    grid.ordinal(level, column, row).ok_or_else(|| {
        let (columns, rows) = grid.tiles(level).unwrap_or_default();
        let outside = Error::from(Reason::TileOutside).with("top_level", grid.top());
        outside.with("columns", columns).with("rows", rows)
    })
}

/// A tile, if the photo was cut.
async fn read(service: &Wounds, photo: &Photo, ordinal: usize) -> Result<Option<Bytes>, Error> {
    let Some(index) = index(service, photo).await? else { return Ok(None) };
    let range = index.range(ordinal).ok_or_else(|| Error::internal("an index with too few tiles"))?;
    let tile = there(service.objects.range(&photo.tiles(), range).await)?;
    if tile.is_none() {
        // What can be made again may be cleared away at any time.
        service.tiles.indexes().remove(&photo.photo_id);
    }
    Ok(tile)
}

/// Where the tiles are, if the photo was cut.
async fn index(service: &Wounds, photo: &Photo) -> Result<Option<Arc<Index>>, Error> {
    if let Some(known) = service.tiles.indexes().get(&photo.photo_id) {
        return Ok(Some(known.clone()));
    }
    let grid = photo.grid();
    let head = service.objects.range(&photo.tiles(), 0..grid.head_bytes() as u64).await;
    let Some(head) = there(head)? else { return Ok(None) };
    let found = Index::read(&head, &grid).map(Arc::new);
    let found = found.ok_or_else(|| Error::internal(format!("{} is no index of its photo", photo.tiles())))?;
    service.tiles.remember(photo.photo_id, found.clone());
    Ok(Some(found))
}

fn there(read: Result<Bytes, objects::Error>) -> Result<Option<Bytes>, Error> {
    match read {
        Err(objects::Error::NotFound(_)) => Ok(None),
        read => Ok(Some(read?)),
    }
}

/// Cuts a photo, unless somebody else has done so while this one waited for its turn. Of two replicas that cut it at once the
/// first one's object stands: its index and its tiles belong together.
async fn cut(service: Wounds, photo: Photo) -> Result<(), Error> {
    let _turn = service.tiles.cutting.lock().await;
    if index(&service, &photo).await?.is_some() {
        return Ok(());
    }
    // The original, and the tiles, which are about as much again.
    let _memory = service.uploads.room(photo.stored_size_bytes * 2).await?;
    let original = photo.original(&service.objects).await?;
    let _decoder = service.decoders.acquire().await.map_err(Error::internal)?;
    let span = tracing::info_span!("image", otel.name = "image tiles", image.bytes = original.len());
    let run = move || span.in_scope(|| tiles::cut(&original, &keep::image_limits()));
    let packed = tokio::task::spawn_blocking(run).await.map_err(Error::internal)?.map_err(|refusal| {
        tracing::warn!(reason = refusal.reason(), "a stored photo cannot be cut into tiles");
        Reason::RenditionNotReady
    })?;
    service.objects.put_new(&photo.tiles(), packed.into()).await?;
    Ok(())
}

impl Tiles {
    fn indexes(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Index>>> {
        self.indexes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, photo: Uuid, index: Arc<Index>) {
        let mut indexes = self.indexes();
        if indexes.len() >= REMEMBERED {
            // Whichever: to read an index again costs little.
            let one = indexes.keys().next().copied();
            one.and_then(|one| indexes.remove(&one));
        }
        indexes.insert(photo, index);
    }
}

impl Photo {
    /// Where its tiles are kept.
    fn tiles(&self) -> String {
        format!("photos/{}/tiles", self.photo_id)
    }

    fn grid(&self) -> Grid {
        Grid::of(self.width_px.unsigned_abs(), self.height_px.unsigned_abs())
    }
}
