"""Words that names of folders consist of when they name neither a subset nor a class."""

from __future__ import annotations

WRAPPERS = (
    "image images img imgs im ims pic pics picture pictures photo photos foto fotos data dataset "
    "datasets jpegimages jpeg jpegs jpg jpgs png pngs bmp tif tiff files file bilder bild imagenes "
    "imagens immagini afbeeldingen obrazy zdjecia изображения картинки фото 图像 图片 圖片 画像 写真 "
    "이미지 사진 raw frames rgb input inputs samples"
)

COLLECTIONS = (
    "images imgs pics pictures photos data dataset datasets jpegimages jpegs files samples fotos bilder "
    "imagenes imagens immagini afbeeldingen изображения картинки 图像 图片 圖片 画像 写真 이미지 사진"
)

EXTRAS = (
    "original originals orig extra extras more additional additions misc miscellaneous "
    "other others various rest augmented augmentation aug crops cropped crop resized processed "
    "duplicates backup copy unnamed temp tmp good_quality hires lowres "
    "thumbnails thumbs untitled"
)

GROUPS = (
    "site sites camera cam cameras loc location locations station stations device devices scanner "
    "scanners microscope hospital clinic center centre lab batch batches session sessions day days week "
    "month year part parts fold folds subset group groups series serie set sets shard shards chunk "
    "chunks disk disc dcim volume vol dir folder source sources run runs exp experiment plot plots "
    "field area region zone sector transect visit user users patient patients pat subject subjects subj "
    "person persons case cases burst bursts video videos clip clips sequence sequences seq slide slides "
    "wsi well plate plates frame frames tile tiles image img scan scans study studies trip flight drone "
    "deployment grid block participant participants client clients worker annotator split round phase "
    "stage standort kamera patientin patienten standorte tag woche gruppe ort sesion paciente camara "
    "sitio пациент камера 病人 患者 相机 カメラ"
)

ID_LETTERS = "p s pt id sub c v t b g"

MASKS = "masks masken groundtruth segmentations bboxes heatmaps"

ANNOTATIONS = "labels annotations annots imagesets landmarks keypoints xmls metadata"

DOUBTFUL = (
    "mask maske gt segmentation label annotation annot bbox boxes xml json csv meta docs doc documents code "
    "scripts script models weights logs results output outputs thumbnails thumbs preview previews"
)

SET_ASIDE = (
    "backup,backups,old,tmp,temp,deleted,duplicates,duplicate,excluded,unused,ignore,ignored,skip,skipped,delete,"
    "to sort,to delete,to check,to review,sort,unsure,plots,plot,figures,screenshots,gradcam,visualizations,"
    "visualisations,thumbnails,previews,recycle,sicherung,geloscht,papierkorb,corbeille,papelera"
)
"""What people and programs call folders of pictures that are set aside."""

VEHICLES = (
    "car cars auto bus buses truck trucks lorry van vans plane planes airplane airplanes aeroplane aircraft "
    "bicycle bicycles bike bikes motorcycle motorbike motorcycles ship ships boat boats tram trams ferry "
    "helicopter helicopters taxi tank vehicle vehicles rail railway locomotive subway metro scooter"
)

MONTHS = (
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august "
    "september october november december januar februar maerz marz mai juni juli oktober dezember enero "
    "febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre janvier fevrier "
    "mars avril juin juillet aout septembre octobre novembre decembre"
)

SIDES = "north south east west left right front back top bottom upper lower nord sud ost west"
