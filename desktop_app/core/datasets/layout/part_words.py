"""Words in many languages that names of subsets consist of."""

from __future__ import annotations

from typing import Literal

Role = Literal["train", "validation", "test", "unlabeled"]
"""What a name says about pictures: the subset that they are in, or that nobody labeled them."""

TRAIN = (
    "train training trainings trn learn learning traindata trained entrenamiento entrenar entreno "
    "treinamento treino treinar entrainement apprentissage addestramento allenamento trening treningowy "
    "treningowe treningowa uczacy uczace opplæring traning træning trenink trenovaci trainen opleiding "
    "tanito tanulo egitim koulutus opetus pelatihan latih ucenie ucenje antrenament lernen lern "
    "обучение обучающая обучающий обучающие обучать тренировка тренировочная тренировочный "
    "тренировочные трейн навчання навчальна εκπαιδευση تدريب التدريب प्रशिक्षण 训练 訓練 训练用 学習 "
    "学習用 トレーニング 훈련 학습 학습용 trenovanie "
    "אימון ฝึก ฝึกฝน ฝึกสอน آموزش آموزشی প্রশিক্ষণ பயிற்சி"
)

VALIDATION = (
    "val valid vali vals validate validating validation validations dev devel development crossval "
    "validierung validierungs validacion validacao validazione validatie validering walidacja "
    "walidacyjny walidacyjne validace validacni validaatio valideerimine dogrulama gecerleme validasi "
    "validare vrednotenje валидация валидационная валидационный валидационные проверка проверочная "
    "проверочный валидации валідація επικυρωση التحقق 验证 驗證 校验 検証 検証用 バリデーション 검증 "
    "검증용 אימות תיקוף ตรวจสอบ اعتبارسنجی সত্যায়ন सत्यापन"
)

TEST = (
    "test tests testing tst prueba pruebas teste testes essai collaudo toets testowy testowe testowa "
    "testovaci teszt testi testaus pengujian uji testare testning pruefung prufung тест тесты тестовая "
    "тестовый тестовые тестирование тестов тестування δοκιμη اختبار الاختبار परीक्षण 测试 測試 测验 "
    "テスト テスト用 테스트 시험 시험용 testfall "
    "בדיקה מבחן ทดสอบ آزمون آزمایش تست পরীক্ষা சோதனை"
)

EVALUATION = (
    "eval evals evaluation evaluating evaluate evaluierung evaluacion avaliacao valutazione evaluatie "
    "评估 評価 評価用 평가"
)
"""Words for a subset that chooses the best epoch, or gives the final figures where another one does that."""

HOLDOUT = "holdout heldout hold-out"
"""Words for a subset that is kept aside."""

UNLABELED = (
    "pred preds predict predicts predicting prediction predictions predicted unlabelled unlabeled "
    "unlabel unlab nolabel nolabels unannotated unsup unsupervised submission submissions submit infer "
    "inference unsorted unclassified uncategorized uncategorised todo unbeschriftet ungelabelt "
    "unmarkiert nonetiquete nonetichettato неразмеченные неразмечено 未标注 未標註 未分类 未分類 予測 "
    "预测 예측 미분류"
)

UNKNOWN = (
    "unknown unknowns unidentified undefined unbekannt desconocido desconocidos desconhecido inconnu "
    "inconnus sconosciuto sconosciuti onbekend неизвестно неизвестные 未知 不明 미확인"
)
"""Words that may also be the name of a class: the pictures that show none of the others."""

FILLERS = (
    "set sets data dataset datasets ds db image images img imgs im ims pic pics picture pictures photo "
    "photos foto fotos bild bilder daten datos dados dati donnees datas imagenes imagens immagini "
    "afbeeldingen zdjecia conjunto ensemble jeu insieme zbior folder folders dir directory split splits "
    "subset subsets part partition section samples sample examples example final full all complete "
    "original originals orig raw resized cropped crops crop processed preprocessed clean cleaned "
    "augmented aug new my the of for de la le les da do di d l con und and with small large mini big "
    "public private official standard only main base v ver version kaggle labeled labelled annotated "
    "classes class jpg jpeg png phase stage round files file px x k stuff 集 数据 數據 "
    "数据集 图像 图片 圖片 图 样本 用 データ データセット 画像 セット 데이터 데이터셋 이미지 세트 "
    "выборка выборки данные данных набор изображения картинки фото для"
)
"""Words that change nothing about what a name says."""

SHORT: dict[str, Role] = {
    "tr": "train",
    "te": "test",
    "ts": "test",
    "tt": "test",
    "va": "validation",
    "vl": "validation",
}
"""Abbreviations that mean something else just as often."""

TOGETHER = {
    "hold out": "holdout",
    "held out": "holdout",
    "cross val": "val",
    "cross validation": "val",
    "no label": "unlabeled",
    "no labels": "unlabeled",
    "un labeled": "unlabeled",
    "un labelled": "unlabeled",
    "not labeled": "unlabeled",
    "not labelled": "unlabeled",
    "non labeled": "unlabeled",
    "without label": "unlabeled",
    "without labels": "unlabeled",
    "to label": "unlabeled",
    "to classify": "unlabeled",
    "to predict": "unlabeled",
    "sin etiqueta": "unlabeled",
    "sans etiquette": "unlabeled",
    "ohne label": "unlabeled",
    "ohne labels": "unlabeled",
    "без разметки": "unlabeled",
    "kiem tra": "test",
    "huan luyen": "train",
}
"""Two words that mean one of the others."""
