import openai
import pytest

from processes import MODEL


def test_lists_the_models_that_workers_serve(client):
    (model,) = client.models.list()
    assert (model.id, model.object) == (MODEL, "model")
    assert isinstance(model.created, int)
    assert model.owned_by


def test_retrieves_one_model(client):
    assert client.models.retrieve(MODEL).id == MODEL


def test_an_unknown_model_is_not_found(client):
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("gpt-oss-1t")
    assert caught.value.code == "model_not_found"


def test_a_router_without_a_worker_is_healthy_but_not_ready(router):
    assert router.get("/healthz")[0] == 200
    assert router.get("/readyz")[0] == 503
