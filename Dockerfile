# The course, read-only, for one learner: docker build -t genimg . && docker run -p 127.0.0.1:8888:8888 -v genimg:/home/learner genimg
# For a hub on Kubernetes: docker build --build-arg EXTRAS="--extra class" -t genimg-hub:1 .
FROM python:3.12-slim

RUN pip install --no-cache-dir uv
WORKDIR /srv/genimg
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY genimg_lib genimg_lib
COPY notebooks notebooks
COPY exercises exercises
COPY solutions solutions
COPY docs docs
COPY benchmarks benchmarks
ARG EXTRAS=""
RUN uv sync --frozen --no-dev --no-cache $EXTRAS

RUN useradd --create-home learner
USER learner
ENV PATH=/srv/genimg/.venv/bin:$PATH GENIMG_HOME=/home/learner/genimg
EXPOSE 8888
CMD ["sh", "-c", "genimg start && exec jupyter lab --ip=0.0.0.0 --no-browser --notebook-dir=$GENIMG_HOME"]
