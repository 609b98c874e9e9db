import pytest

from desktop_app.core.datasets.layout.part_names import guess_part

TRAIN = (
    "train Training TRAIN training_set Training-Set TrainingSet trainset train_dataset train2017 trainval "
    "train.2019 01_train train_1 images_train train_images TrainImages Final_Training "
    "my_train_data train_jpg Trainingsdaten entrenamiento entraînement apprentissage "
    "addestramento treinamento trening eğitim обучение обучающая_выборка "
    "训练 训练集 訓練データ 学習 学習用 훈련 trn learning X_train "
    "प्रशिक्षण אימון ฝึก آموزش تدريب"
)
VALIDATION = (
    "val valid validation val2014 val_set ValidationSet dev eval evaluation validierung Validierungsdaten "
    "validación validação validazione walidacja валидация 验证 验证集 検証 검증 cross-validation "
    "אימות ตรวจสอบ اعتبارسنجی"
)
TEST = (
    "test tests Testing test_set 02_test TestImages Testdaten prueba teste тест 测试 测试集 テスト "
    "holdout hold_out tst परीक्षण בדיקה ทดสอบ آزمون"
)
UNLABELED = (
    "pred predict predictions unlabelled unlabeled to_predict submission test_unlabeled no_label 未标注"
)


@pytest.mark.parametrize(
    ("names", "role"),
    [(TRAIN, "train"), (VALIDATION, "validation"), (TEST, "test"), (UNLABELED, "unlabeled")],
)
def test_names_that_say_it_alone(names, role):
    assert {name: guess_part(name).role for name in names.split()} == dict.fromkeys(names.split(), role)
    assert [name for name in names.split() if guess_part(name).rest not in {(), ("x",)}] == []


@pytest.mark.parametrize(
    ("name", "role", "rest"),
    [
        ("seg_train", "train", ("seg",)),
        ("cifar10-test", "test", ("cifar",)),
        ("test tube", "test", ("tube",)),
        ("training shoes", "train", ("shoes",)),
        ("evaluation board", "validation", ("board",)),
    ],
)
def test_other_words_are_kept(name, role, rest):
    guess = guess_part(name)

    assert (guess.role, guess.rest) == (role, rest)
    assert not guess.sure


@pytest.mark.parametrize(
    "name",
    ["trainer", "tester", "valley", "devil", "cats", "2017", "", "train_test_split", "images", "x" * 5_000],
)
def test_other_names_say_nothing(name):
    assert guess_part(name).role is None


@pytest.mark.parametrize("name", ["unknown", "tr", "te", "unbekannt", "未知"])
def test_words_that_mean_something_else_as_often_are_not_sure(name):
    assert guess_part(name).role is not None
    assert not guess_part(name).sure


def test_a_long_name_of_known_pieces_takes_no_time():
    assert guess_part("trainsettrainset" * 7).role == "train"
